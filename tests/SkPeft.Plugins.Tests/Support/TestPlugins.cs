using System.Reflection;

namespace SkPeft.Plugins.Tests;

/// <summary>The plugins that were built with the tests.</summary>
internal static class TestPlugins
{
    /// <summary>The built main file of a project of tests/TestPlugins, for instance <c>TestPlugin.Shout.V1</c>.</summary>
    public static string PathOf(string project) =>
        typeof(TestPlugins).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == project).Value!;

    public static byte[] BytesOf(string project) => File.ReadAllBytes(PathOf(project));
}
