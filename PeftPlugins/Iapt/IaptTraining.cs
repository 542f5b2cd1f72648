using System.Text.Json;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Iapt;

/// <summary>IAPT under training: its soft tokens have seen the whole instruction, so only what follows may carry a loss.</summary>
internal sealed class IaptTraining(IaptMethod method, TrainingRequest request, JsonElement config, ParameterSet parameters)
    : DirectTraining(method, request, config, parameters)
{
    public override bool ReadsInstruction => true;
}
