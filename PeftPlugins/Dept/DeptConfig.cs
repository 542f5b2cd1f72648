namespace SkPeft.Peft.Dept;

/// <summary>The configuration of a DePT adapter.</summary>
/// <param name="VirtualTokens">Soft tokens in front of the text.</param>
/// <param name="Rank">The rank of the table that is added to the text's embeddings.</param>
/// <param name="Alpha">The table's scale is Alpha / √Rank.</param>
/// <param name="MaxLength">The table's positions.</param>
internal sealed record DeptConfig(int VirtualTokens, int Rank, float Alpha, int MaxLength)
{
    public float Scale => Alpha / MathF.Sqrt(Rank);

    public static DeptConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        DeptConfig config = new(Positive(reader, "num_virtual_tokens"), Positive(reader, "r"), reader.Number("lora_alpha", 8), Positive(reader, "max_length"));
        reader.Finish();
        return config;
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
