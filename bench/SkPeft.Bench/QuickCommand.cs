namespace SkPeft.Bench;

/// <summary>This engine alone: a quick look, not a result.</summary>
internal static class QuickCommand
{
    public static async Task<int> RunAsync(string model, PeerOptions options)
    {
        using OwnEngine engine = new(model, options.Threads, options.Precision);
        Console.WriteLine($"open {engine.OpenSeconds:F2} s");
        for (int i = 0; i < options.Repeat; i++)
        {
            Console.WriteLine($"decode {await engine.DecodeAsync(64):F1} tok/s, prefill {await engine.PrefillAsync(512):F1} tok/s");
        }

        return 0;
    }
}
