using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Engine.Sampling;

namespace SkPeft.Connectors.Answers;

/// <summary>Options that would change how text is generated have no meaning where a class is the answer: refused by name.</summary>
internal static class LabelOptions
{
    /// <param name="request">The request.</param>
    /// <param name="who">Who answers with a class, for the message.</param>
    public static void Refuse(ChatRequest request, string who)
    {
        SamplingOptions sampling = request.Sampling;
        Check(sampling.Temperature > 0, nameof(ChatOptions.Temperature), "0 or nothing");
        Check(sampling.RepetitionPenalty != 1, PropertyNames.RepetitionPenalty, "1 or nothing");
        Check(sampling.PresencePenalty != 0, nameof(ChatOptions.PresencePenalty), "0 or nothing");
        Check(sampling.FrequencyPenalty != 0, nameof(ChatOptions.FrequencyPenalty), "0 or nothing");
        Check(sampling.LogitBias.Count > 0, PropertyNames.LogitBias, "nothing");
        Check(sampling.TopLogProbs is not null, PropertyNames.TopLogProbs, "nothing; the receipt has every class's probability");
        Check(request.Stop.Count > 0, nameof(ChatOptions.StopSequences), "nothing");
        Check(request.Format is not null, nameof(ChatOptions.ResponseFormat), "text or nothing");
        Check(request.Tools.Count > 0, nameof(ChatOptions.Tools), "none");

        void Check(bool isWrong, string option, string expected)
        {
            if (isWrong)
            {
                throw new InvalidOptionException(option, "a value", $"{expected}: {who} answers with the most probable of its labels");
            }
        }
    }
}
