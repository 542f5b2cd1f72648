namespace SkPeft.Peft.Iapt;

/// <summary>The place of one layer's generator.</summary>
internal sealed class IaptEffect(int layer, int count, IaptGenerator generator) : GeneratedPrefixEffect(layer, count)
{
    public override Tensor Generate(Tensor instruction) => generator.Generate(instruction);
}
