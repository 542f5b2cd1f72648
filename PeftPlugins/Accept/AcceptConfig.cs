namespace SkPeft.Peft.Accept;

/// <summary>The sizes of one composed prompt.</summary>
/// <param name="Rows">Positions that have a row.</param>
/// <param name="SubDim">Width t of a subspace; divides the hidden size.</param>
/// <param name="Codewords">Codewords r of a subspace.</param>
internal sealed record CompositeSizes(int Rows, int SubDim, int Codewords);

/// <summary>The configuration of an ACCEPT adapter.</summary>
/// <param name="Prepended">The soft tokens in front of the text (SCPP).</param>
/// <param name="Added">What is added to the embeddings of the first positions of the text (SCAP), or null.</param>
internal sealed record AcceptConfig(CompositeSizes Prepended, CompositeSizes? Added)
{
    public static AcceptConfig Read(AdapterPackage package, int hidden)
    {
        AdapterConfigReader reader = new(package);
        CompositeSizes prepended = Sizes(reader, "num_virtual_tokens", "sub_dim", "codewords", hidden);
        CompositeSizes? added = null;
        if (reader.Flag("scap", false))
        {
            added = Sizes(reader, "max_length", "scap_sub_dim", "scap_codewords", hidden);
        }
        else
        {
            // Sizes of a part that is switched off say nothing.
            reader.TrainingOnly("max_length", "scap_sub_dim", "scap_codewords");
        }

        reader.Finish();
        return new AcceptConfig(prepended, added);
    }

    private static CompositeSizes Sizes(AdapterConfigReader reader, string rows, string subDim, string codewords, int hidden)
    {
        CompositeSizes sizes = new(Positive(reader, rows), Positive(reader, subDim), Positive(reader, codewords));
        if (sizes.SubDim > 0 && hidden % sizes.SubDim != 0)
        {
            reader.Problem($"{subDim} is {sizes.SubDim}; it must divide the hidden size of this model, {hidden}");
        }

        return sizes;
    }

    private static int Positive(AdapterConfigReader reader, string key)
    {
        int value = reader.Integer(key, 0);
        if (value < 1)
        {
            reader.Problem($"{key} is {value}; at least 1 is supported");
        }

        return value;
    }
}
