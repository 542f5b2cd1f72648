using SkPeft.Tensors.Training;

namespace SkPeft.Peft.PromptTuning.Infix;

/// <summary>Soft tokens under training: the prompts of the data must have places for them.</summary>
internal sealed class InfixPromptTraining(PeftTraining inner, SoftSlots slots) : DelegatingTraining(inner)
{
    public override SoftSlots? Slots => slots;
}
