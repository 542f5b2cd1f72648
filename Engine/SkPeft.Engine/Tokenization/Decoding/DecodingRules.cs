namespace SkPeft.Engine.Tokenization.Decoding;

/// <summary>How bytes of neighbouring tokens become characters.</summary>
internal enum ByteMeaning
{
    /// <summary>Every token is text of its own.</summary>
    None,

    /// <summary>Every character of a token is a byte in GPT-2's disguise.</summary>
    ByteLevel,

    /// <summary>Tokens spelled <c>&lt;0x0A&gt;</c> are bytes, all others text.</summary>
    Fallback,
}

/// <summary>Copies of one character taken from the ends of the whole text.</summary>
internal readonly record struct EdgeStrip(char Content, int Start, int Stop);

/// <summary>A decoder chain of tokenizer.json, folded into: steps on each token's spelling, the meaning of bytes, and a strip of the joined text.</summary>
internal sealed record DecodingRules(IReadOnlyList<TokenStep> Steps, ByteMeaning Bytes, EdgeStrip Strip, string Separator)
{
    public bool FirstDiffers => Steps.Any(s => s.FirstDiffers);

    public string Spell(string token, bool isFirst)
    {
        foreach (TokenStep step in Steps)
        {
            token = step.Apply(token, isFirst);
        }

        return token;
    }

    public ByteAssembler StartAssembling() => Bytes == ByteMeaning.ByteLevel ? new LossyAssembler() : new FallbackAssembler();
}
