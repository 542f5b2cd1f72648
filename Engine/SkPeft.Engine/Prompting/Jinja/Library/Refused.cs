using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Methods that would change a value: the sandbox knows them, and refuses to call them.</summary>
internal static class Refused
{
    public static PyFunction Method(string type, string name) =>
        new(name, (_, _) => throw JinjaException.Security($"<built-in method {name} of {type} object> is not safely callable"));
}
