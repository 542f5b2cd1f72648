using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine;

/// <summary>How a model is opened.</summary>
public sealed record LanguageModelOptions
{
    /// <summary><see cref="Precision.Fast"/> (quantised activations) or <see cref="Precision.Exact"/> (fp32 activations). Default: fast.</summary>
    public Precision Precision { get; init; } = Precision.Fast;

    /// <summary>Worker threads, 1 to 256; null: the processors that this process may use, at most 16.</summary>
    public int? Threads { get; init; }

    /// <summary>Positions that a sequence may take; null: what the model was made for.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether keys and values are kept in fp16 (half the memory) instead of fp32. Default: fp32.</summary>
    public bool HalfCache { get; init; }

    /// <summary>A chat template (Jinja) in place of the model's own, or for a model that brings none; null: the model's.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>How requests share the engine.</summary>
    public Scheduling.SchedulerOptions Scheduler { get; init; } = new();

    /// <summary>Forces an instruction set; null: the best that the processor has, or what SKPEFT_FORCE_KERNELS names.</summary>
    public InstructionSet? InstructionSet { get; init; }
}
