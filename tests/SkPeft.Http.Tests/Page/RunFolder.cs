using System.Globalization;
using SkPeft.Testing;

namespace SkPeft.Http.Tests.Page;

internal static class RunFolder
{
    /// <summary>A record as <c>skpeft train</c> writes it (<c>RunRecordTests</c> of the training tests hold it to these lines).</summary>
    public static void Write(TemporaryFolder folder, string name, int done, int steps, bool isFinished)
    {
        Directory.CreateDirectory(folder.PathOf(name));
        List<string> lines = [$$$"""{"run":{"method":"LORA","model":"skpeft-tiny.gguf","steps":{{{steps}}},"parameters":4096,"lines":128}}"""];
        for (int step = 0; step < done; step++)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $$$"""{"step":{{{step}}},"loss":{{{3.0 / (1 + step)}}},"lr":0.001,"tokens":96}"""));
            if ((step + 1) % 10 == 0)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $$$"""{"step":{{{step + 1}}},"evaluation":{"loss":{{{2.0 / (1 + step)}}},"accuracy":{{{step / 50.0}}}}}"""));
            }
        }

        if (isFinished)
        {
            lines.Add($$$"""{"end":{"steps":{{{done}}},"stopped_early":false}}""");
        }

        folder.Write($"{name}/run.jsonl", string.Concat(lines.Select(l => l + "\n")));
    }
}
