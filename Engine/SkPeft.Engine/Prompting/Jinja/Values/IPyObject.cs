namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A value of a class of Jinja's own: what it has is its attributes.</summary>
internal interface IPyObject
{
    /// <summary>The class's name.</summary>
    string TypeName { get; }

    /// <summary>The class's name with its module.</summary>
    string QualifiedName { get; }

    /// <summary>Looks an attribute up; there is no reflection, only what the class lists.</summary>
    bool TryGetAttribute(string name, out object? value);
}
