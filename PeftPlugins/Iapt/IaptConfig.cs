namespace SkPeft.Peft.Iapt;

/// <summary>Whether the up-projection has a bias, and whose.</summary>
internal enum UpBias
{
    /// <summary>No bias.</summary>
    None,

    /// <summary>One of [hidden] a layer.</summary>
    Shared,

    /// <summary>One of [hidden] a soft token and layer.</summary>
    Token,
}

/// <summary>The configuration of an IAPT adapter.</summary>
/// <param name="VirtualTokens">Soft tokens a layer (lsp), at least 1.</param>
/// <param name="Bottleneck">Width of the generator (m), at least 1.</param>
/// <param name="ShareGroup">So many consecutive layers share their projections: 1 = none share, the number of layers or more = all share.</param>
/// <param name="UpBias">The bias of the up-projection.</param>
internal sealed record IaptConfig(int VirtualTokens, int Bottleneck, int ShareGroup, UpBias UpBias)
{
    public static IaptConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        IaptConfig config = new(
            Positive(reader, "num_virtual_tokens", 0), Positive(reader, "bottleneck", 0), Positive(reader, "share_group", 1), Bias(reader));
        reader.Finish();
        return config;
    }

    private static int Positive(AdapterConfigReader reader, string key, int otherwise)
    {
        int value = reader.Integer(key, otherwise);
        if (value < 1)
        {
            reader.Problem($"{key} is {value}; at least 1 is supported");
        }

        return value;
    }

    private static UpBias Bias(AdapterConfigReader reader)
    {
        string text = reader.Text("up_bias", "none");
        switch (text)
        {
            case "none":
                return UpBias.None;
            case "shared":
                return UpBias.Shared;
            case "token":
                return UpBias.Token;
            default:
                reader.Problem($"up_bias is {text}; none, shared and token are supported");
                return UpBias.None;
        }
    }
}
