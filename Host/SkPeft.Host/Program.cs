namespace SkPeft.Host;

/// <summary>The entry point of the <c>skpeft</c> tool.</summary>
internal static class Program
{
    private static int Main()
    {
        Console.Error.WriteLine("skpeft: the commands are not built yet.");
        return 2;
    }
}
