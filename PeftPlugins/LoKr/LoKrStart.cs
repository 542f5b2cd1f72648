namespace SkPeft.Peft.LoKr;

/// <summary>How LoKr starts (<c>init_weights</c>).</summary>
internal enum LoKrStart
{
    /// <summary>The first factor is zero (<c>true</c>).</summary>
    FirstIsZero,

    /// <summary>The second factor is zero (<c>"lycoris"</c>).</summary>
    SecondIsZero,

    /// <summary>Both are random, so that step 0 is not the frozen base (<c>false</c>).</summary>
    Random,
}
