using System.Numerics;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Names of types as Python's error messages print them.</summary>
internal static class PyType
{
    public static string NameOf(object? value) => value switch
    {
        null => "NoneType",
        PyString s => s.Safe ? "Markup" : "str",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        PyList => "list",
        PyTuple => "tuple",
        PyDict => "dict",
        PyDictView v => v.TypeName,
        PyRange => "range",
        PyIterator i => i.TypeName,
        PyUndefined => "Undefined",
        IPyObject o => o.TypeName,
        PyCallable c => c.TypeName,
        _ => "object",
    };

    /// <summary>jinja2.utils.object_type_repr.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        IPyObject o => o.QualifiedName + " object",
        PyString { Safe: true } => "markupsafe.Markup object",
        _ => NameOf(value) + " object",
    };
}
