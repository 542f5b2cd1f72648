namespace SkPeft.PeftPlugins.Tests.Conformance;

/// <summary>The samples of all methods, found in the methods' own folders.</summary>
public static class MethodSamples
{
    private static readonly IReadOnlyList<MethodSample> s_all = [.. typeof(MethodSample).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(MethodSample)) && !t.IsAbstract)
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (MethodSample)Activator.CreateInstance(t)!)];

    public static TheoryData<string> Names => [.. s_all.Select(s => s.GetType().Name)];

    /// <summary>Every tensor of every sample.</summary>
    public static TheoryData<string, string> TensorNames
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (MethodSample sample in s_all)
            {
                // The first of each kind: what is true of layer 0 is true of layer 1.
                foreach (IGrouping<string, string> kind in sample.Tensors.Select(t => t.Name).GroupBy(n => n.Replace(".1.", ".0.", StringComparison.Ordinal)))
                {
                    data.Add(sample.GetType().Name, kind.First());
                }
            }

            return data;
        }
    }

    public static IEnumerable<string> Types => s_all.Select(s => s.Package().PeftType);

    public static MethodSample Named(string name) => s_all.Single(s => s.GetType().Name == name);

    public static IPeftMethod Method(this MethodSample sample) =>
        PluginMethods.Find(sample.Package().PeftType) ?? throw new InvalidOperationException($"No plugin reads {sample.Package().PeftType}.");
}
