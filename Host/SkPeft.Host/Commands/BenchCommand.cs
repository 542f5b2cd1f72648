using System.CommandLine;
using SkPeft.Host.Benchmarks;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft bench decode|prefill|batch|memory|serve|swap|traffic|training</c>.</summary>
internal static class BenchCommand
{
    public static Command Create(ToolConsole console) => new("bench", "Measure speed.")
    {
        One(console, "decode", "Tokens a second while generating.", 64, (session, tokens, context) => SpeedTest.Decode(session, tokens, context)),
        One(console, "prefill", "Tokens a second while reading a prompt.", 512, (session, tokens, context) => SpeedTest.Prefill(session, tokens, context)),
        BenchBatchCommand.Create(console),
        BenchMemoryCommand.Create(console),
        BenchServeCommand.Create(console),
        BenchSwapCommand.Create(console),
        BenchTrafficCommand.Create(console),
        BenchTrainingCommand.Create(console),
    };

    private static Command One(ToolConsole console, string name, string help, int defaultTokens, Func<ModelSession, int, int, SpeedTest> create)
    {
        Argument<string> model = Options.Model();
        Option<int> tokens = Options.Whole("--tokens", "Tokens to measure.", defaultTokens, 1);
        Option<int> context = Options.Whole("--context", "Tokens that are there before the measured ones.", 0, 0);
        Option<int> threads = Options.Whole("--threads", "Worker threads.", 2, 1, 256);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int> repeat = Options.Whole("--repeat", "Measurements, after one that is not counted.", 5, 1, 10_000);
        Option<bool> json = Options.Json();
        Command command = new(name, help) { model, tokens, context, threads, precision, repeat, json };
        command.SetAction(async (result, cancellation) =>
        {
            SessionOptions options = new(result.GetValue(model)!, result.GetValue(precision), Threads: result.GetValue(threads), PrefixCache: false);
            using ModelSession session = await ModelSession.OpenAsync(options, cancellation);
            SpeedTest test = create(session, result.GetValue(tokens), result.GetValue(context));
            List<double> runs = [];
            _ = await test.RunAsync(cancellation);
            for (int i = 0; i < result.GetValue(repeat); i++)
            {
                runs.Add(await test.RunAsync(cancellation));
            }

            double median = Figures.Median(runs);
            if (result.GetValue(json))
            {
                console.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("tokens_per_s", median);
                    writer.WriteStartArray("runs");
                    runs.ForEach(writer.WriteNumberValue);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                });
            }
            else
            {
                console.Out.WriteLine($"{name}: {median:F1} tokens/s (median of {string.Join(", ", runs.Select(r => r.ToString("F1")))})");
            }

            return 0;
        });
        return command;
    }
}
