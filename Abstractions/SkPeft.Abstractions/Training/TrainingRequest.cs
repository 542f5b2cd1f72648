using System.Text.Json;

namespace SkPeft;

/// <summary>What a method gets to start a training run.</summary>
public sealed record TrainingRequest
{
    /// <summary>
    /// The adapter to be: its name for messages, the configuration (as in <c>adapter_config.json</c>; keys that are missing have the method's
    /// defaults, and only <c>peft_type</c> is certain to be there) and the tensors that lie beside it, or none. Methods with frozen random
    /// tensors (VeRA, RandLoRA) take them from there; nothing else of them is a start value.
    /// </summary>
    public required AdapterPackage Package { get; init; }

    /// <summary>The frozen base.</summary>
    public required IBaseModel Model { get; init; }

    /// <summary>Words, embeddings and activations of the frozen base, for starts from real words.</summary>
    public required IModelProbe Probe { get; init; }

    /// <summary>The run's random numbers: the same seed gives the same start.</summary>
    public required Random Random { get; init; }

    /// <summary>
    /// How to start, where it is not the configuration's business: the object under <c>start</c> in the run's options, or an undefined element.
    /// Unknown keys in it are the method's to refuse.
    /// </summary>
    public JsonElement Start { get; init; }

    /// <summary>
    /// The data's prompt as the user wrote it, with fields and perhaps places for soft tokens (<see cref="SoftSlots"/>); null where the
    /// data are conversations or token ids.
    /// </summary>
    public string? Prompt { get; init; }

    /// <summary>How many tasks the data has (<c>task_id</c> 0 … n−1); 1 for most methods.</summary>
    public int Tasks { get; init; } = 1;
}
