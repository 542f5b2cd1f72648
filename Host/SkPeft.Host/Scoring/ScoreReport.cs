using System.Text.Json;
using SkPeft.Connectors.Receipts;
using SkPeft.Host.Output;
using SkPeft.Host.Receipts;

namespace SkPeft.Host.Scoring;

/// <summary>The result for one line: scores of the labels, or the likelihood of a completion.</summary>
/// <param name="Label">The true label, where the line has one.</param>
/// <param name="Scores">Σ log p of each label, or log p of each class.</param>
/// <param name="Nll">−Σ log p of the completion.</param>
/// <param name="Tokens">Tokens of the completion.</param>
internal sealed record ScoredExample(string? Label, IReadOnlyList<(string Label, double Score)> Scores, double Nll, int Tokens)
{
    /// <summary>The label of the highest score; the first of equals.</summary>
    public string Predicted => Scores.MaxBy(s => s.Score).Label;
}

/// <summary>All results.</summary>
/// <param name="Examples">One a line.</param>
/// <param name="Kind">What was scored.</param>
/// <param name="Receipt">Who answered.</param>
internal sealed record ScoreReport(IReadOnlyList<ScoredExample> Examples, ScoreKind Kind, Receipt? Receipt)
{
    private bool OfLabels => Kind != ScoreKind.Completion;


    /// <summary>The share of examples whose true label has the highest score; null where the data have no labels.</summary>
    public double? Accuracy => OfLabels && Examples.All(e => e.Label is not null) ? Examples.Average(e => e.Predicted == e.Label ? 1.0 : 0.0) : null;

    public double? MeanNllPerToken => OfLabels ? null : Examples.Sum(e => e.Nll) / Examples.Sum(e => e.Tokens);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Accuracy is { } accuracy)
        {
            json.WriteNumber("accuracy", accuracy);
        }

        if (MeanNllPerToken is { } mean)
        {
            json.WritePropertyName("mean_nll_per_token");
            JsonText.Number(json, mean);
        }

        json.WriteStartArray("examples");
        foreach (ScoredExample example in Examples)
        {
            Write(json, example);
        }

        json.WriteEndArray();
        ReceiptJson.Write(json, "receipt", Receipt);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, ScoredExample example)
    {
        json.WriteStartObject();
        if (OfLabels)
        {
            json.WriteStartObject("scores");
            foreach ((string label, double score) in example.Scores)
            {
                json.WritePropertyName(label);
                JsonText.Number(json, score);
            }

            json.WriteEndObject();
            if (Kind == ScoreKind.Classes)
            {
                json.WriteStartObject("probabilities");
                foreach ((string label, double score) in example.Scores)
                {
                    json.WriteNumber(label, Math.Exp(score));
                }

                json.WriteEndObject();
            }

            json.WriteString("predicted", example.Predicted);
            if (example.Label is not null)
            {
                json.WriteString("label", example.Label);
            }
        }
        else
        {
            json.WritePropertyName("nll");
            JsonText.Number(json, example.Nll);
            json.WriteNumber("tokens", example.Tokens);
        }

        json.WriteEndObject();
    }
}
