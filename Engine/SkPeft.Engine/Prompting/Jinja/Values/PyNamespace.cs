namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>What <c>namespace()</c> makes: the only value that a template may assign to after it was made.</summary>
internal sealed class PyNamespace(PyDict attributes) : IPyObject
{
    public PyDict Attributes { get; } = attributes;

    public string TypeName => "Namespace";

    public string QualifiedName => "jinja2.utils.Namespace";

    public bool TryGetAttribute(string name, out object? value) => Attributes.TryGet(name, out value);
}
