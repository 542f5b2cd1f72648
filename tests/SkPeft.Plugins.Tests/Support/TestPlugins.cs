using System.Reflection;

namespace SkPeft.Plugins.Tests;

/// <summary>The plugins that were built with the tests.</summary>
internal static class TestPlugins
{
    /// <summary>The built main file of a project of tests/TestPlugins, for instance <c>TestPlugin.Shout.V1</c>.</summary>
    public static string PathOf(string project) =>
        typeof(TestPlugins).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == project).Value!;

    /// <summary>Where the plugins that are shipped were deployed.</summary>
    public static string ShippedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>The main file of a plugin that is shipped, for instance <c>SkPeft.Peft.Lora</c>.</summary>
    public static string ShippedPathOf(string name) => Path.Combine(ShippedFolder, name, name + ".dll");

    public static byte[] BytesOf(string project) => File.ReadAllBytes(PathOf(project));
}
