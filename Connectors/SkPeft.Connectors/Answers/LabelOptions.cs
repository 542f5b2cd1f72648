using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Sampling;

namespace SkPeft.Connectors.Answers;

/// <summary>Options that would change how text is generated have no meaning for a skill that answers with a class: refused by name.</summary>
internal static class LabelOptions
{
    public static void Refuse(ChatRequest request, SkillDefinition skill)
    {
        SamplingOptions sampling = request.Sampling;
        Check(sampling.Temperature > 0, nameof(ChatOptions.Temperature), "0 or nothing");
        Check(sampling.RepetitionPenalty != 1, PropertyNames.RepetitionPenalty, "1 or nothing");
        Check(sampling.PresencePenalty != 0, nameof(ChatOptions.PresencePenalty), "0 or nothing");
        Check(sampling.FrequencyPenalty != 0, nameof(ChatOptions.FrequencyPenalty), "0 or nothing");
        Check(sampling.LogitBias.Count > 0, PropertyNames.LogitBias, "nothing");
        Check(sampling.TopLogProbs is not null, PropertyNames.TopLogProbs, "nothing; the receipt has every class's probability");
        Check(request.Stop.Count > 0, nameof(ChatOptions.StopSequences), "nothing");
        Check(request.Tools.Count > 0, nameof(ChatOptions.Tools), "none");

        void Check(bool isWrong, string option, string expected)
        {
            if (isWrong)
            {
                throw new InvalidOptionException(option, "a value", $"{expected}: skill '{skill.Name}' answers with the most probable of its labels");
            }
        }
    }
}
