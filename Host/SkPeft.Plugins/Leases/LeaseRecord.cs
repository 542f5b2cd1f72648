using System.Diagnostics;
using System.Reflection;

namespace SkPeft.Plugins;

/// <summary>Who took a lease, when, and for which adapters: text that outlives the lease without keeping anything.</summary>
internal sealed class LeaseRecord(string owner, DateTimeOffset since)
{
    private const int MaxAdapters = 4;
    private readonly List<string> _adapters = [];

    public DateTimeOffset Since { get; } = since;

    public void AddAdapter(string name)
    {
        lock (_adapters)
        {
            if (_adapters.Count < MaxAdapters)
            {
                _adapters.Add(name);
            }
        }
    }

    public override string ToString()
    {
        lock (_adapters)
        {
            string adapters = _adapters.Count == 0 ? "" : $" for adapter {string.Join(", ", _adapters.Select(a => $"'{a}'"))}";
            return $"a lease taken at {Since:HH:mm:ss} by {owner}{adapters}";
        }
    }

    /// <summary>The first method on the stack that is not of this assembly or the framework.</summary>
    public static string CallerOf()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: { } type } method && type.Assembly != typeof(LeaseRecord).Assembly && !IsFramework(type))
            {
                return NameOf(type, method);
            }
        }

        return "unknown code";
    }

    private static bool IsFramework(Type type) => SharedAssemblies.IsFramework(type.Assembly.GetName().Name ?? "");

    private static string NameOf(Type type, MethodBase method)
    {
        // async methods and iterators run as Outer.<Method>d__7.MoveNext, lambdas as Outer.<>c.<Method>b__3
        Type outer = type;
        string name = method.Name;
        while (outer.Name.StartsWith('<') && outer.DeclaringType is { } declaring)
        {
            name = outer.Name.IndexOf('>') is > 1 and int end ? outer.Name[1..end] : name;
            outer = declaring;
        }

        name = name.StartsWith('<') && name.IndexOf('>') is > 1 and int close ? name[1..close] : name;
        return $"{outer.FullName}.{name}";
    }
}
