using SkPeft.Engine.Prompting.Jinja.Syntax;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>A macro, or the body of a call block, with the scope it was written in (jinja2.runtime.Macro).</summary>
internal sealed class Macro(MacroDefinition definition, Scope closure) : PyCallable, IPyObject
{
    public override string TypeName => "Macro";

    public string QualifiedName => "jinja2.runtime.Macro";

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "name" => definition.Name is null ? null : PyString.Trusted(definition.Name),
            "arguments" => new PyTuple([.. definition.Parameters.Select(p => (object?)PyString.Trusted(p.Name))]),
            "catch_kwargs" => definition.UsesKwargs,
            "catch_varargs" => definition.UsesVarargs,
            "caller" => definition.UsesCaller,
            _ => null,
        };
        return name is "name" or "arguments" or "catch_kwargs" or "catch_varargs" or "caller";
    }

    public override object? Call(Renderer renderer, CallArguments arguments)
    {
        Scope scope = new(closure);
        Dictionary<string, object?> named = [];
        foreach ((string name, object? value) in arguments.Named)
        {
            named[name] = value;
        }

        IReadOnlyList<MacroParameter> parameters = definition.Parameters;
        bool[] given = new bool[parameters.Count];
        for (int i = 0; i < parameters.Count; i++)
        {
            given[i] = i < arguments.Positional.Count || named.ContainsKey(parameters[i].Name);
            if (given[i])
            {
                scope.Set(parameters[i].Name, i < arguments.Positional.Count ? arguments.Positional[i] : named[parameters[i].Name]);
                _ = i >= arguments.Positional.Count && named.Remove(parameters[i].Name);
            }
        }

        BindSpecials(scope, arguments, named, renderer.Budget);
        return renderer.RenderMacro(definition, scope, given);
    }

    public override string ToString() => $"<Macro {(definition.Name is null ? "anonymous" : $"'{definition.Name}'")}>";

    private void BindSpecials(Scope scope, CallArguments arguments, Dictionary<string, object?> named, Budget budget)
    {
        int count = definition.Parameters.Count;
        if (definition.UsesCaller && !definition.HasParameter("caller"))
        {
            scope.Set("caller", named.Remove("caller", out object? caller) && caller is not null ? caller : new PyUndefined("No caller defined"));
        }

        if (definition.UsesKwargs)
        {
            PyDict rest = new(budget);
            foreach ((string name, object? value) in named)
            {
                rest.Set(PyString.Trusted(name), value);
            }

            scope.Set("kwargs", rest);
        }
        else if (named.Count > 0)
        {
            throw JinjaException.Type($"macro '{definition.Name}' takes no keyword argument '{named.Keys.First()}'");
        }

        if (definition.UsesVarargs)
        {
            scope.Set("varargs", new PyTuple([.. arguments.Positional.Skip(count)]));
        }
        else if (arguments.Positional.Count > count)
        {
            throw JinjaException.Type($"macro '{definition.Name}' takes not more than {count} argument(s)");
        }
    }
}
