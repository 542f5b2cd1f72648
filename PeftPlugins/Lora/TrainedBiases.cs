namespace SkPeft.Peft.Lora;

/// <summary>Which of the base's own biases the adapter brings new values for (<c>bias</c>).</summary>
internal enum TrainedBiases
{
    /// <summary>None (<c>none</c>).</summary>
    None,

    /// <summary>Those of the targeted layers (<c>lora_only</c>).</summary>
    Targeted,

    /// <summary>All (<c>all</c>).</summary>
    All,
}
