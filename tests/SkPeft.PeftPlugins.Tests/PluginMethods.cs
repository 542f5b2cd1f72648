using System.Reflection;

namespace SkPeft.PeftPlugins.Tests;

/// <summary>The methods of every plugin beside the tests, found as a host finds them: by attribute and interface, without a list.</summary>
public static class PluginMethods
{
    public static IReadOnlyList<IPeftMethod> All { get; } = [.. Directory.GetFiles(AppContext.BaseDirectory, "SkPeft.*.dll")
        .Order(StringComparer.Ordinal)
        .Select(Assembly.LoadFrom)
        .Where(a => a.GetCustomAttribute<PeftPluginAttribute>() is not null)
        .SelectMany(a => a.GetExportedTypes())
        .Where(t => t.IsAssignableTo(typeof(IPeftMethod)) && !t.IsAbstract)
        .Select(t => (IPeftMethod)Activator.CreateInstance(t)!)];

    /// <summary>The method that reads a type, or null.</summary>
    public static IPeftMethod? Find(string peftType) => All.SingleOrDefault(m => m.PeftTypes.Contains(peftType));

    public static TheoryData<string> Names => [.. All.Select(m => m.GetType().Name)];

    public static IPeftMethod Named(string name) => All.Single(m => m.GetType().Name == name);
}
