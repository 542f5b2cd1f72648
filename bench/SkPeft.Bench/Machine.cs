using System.Reflection;
using System.Runtime.InteropServices;

namespace SkPeft.Bench;

/// <summary>What the results were measured on.</summary>
internal static class Machine
{
    /// <summary>The commit that was built, as far as the build knew it.</summary>
    public static string Commit() =>
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: > 8 } commit] ? commit[..8] : "unknown";

    public static string Cpu()
    {
        const string Information = "/proc/cpuinfo";
        if (!File.Exists(Information))
        {
            return $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores";
        }

        string[] lines = File.ReadAllLines(Information);
        string Value(string key) => lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?";
        return $"{Value("model name")} (family {Value("cpu family")}, model {Value("model\t")}, stepping {Value("stepping")}), {Environment.ProcessorCount} cores";
    }

    /// <summary>How many processes wanted a core over the last minute, where the system says so.</summary>
    public static string Load()
    {
        const string Information = "/proc/loadavg";
        return File.Exists(Information) ? File.ReadAllText(Information).Split(' ')[0] : "unknown";
    }
}
