using System.Runtime.CompilerServices;
using System.Text.Json;
using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>A schema, or what several say together: the shapes of its values, worked out when they are first asked for.</summary>
internal sealed class SchemaNode
{
    private readonly Func<SchemaNode, IReadOnlyList<Shape>> _resolve;
    private IReadOnlyList<Shape>? _shapes;
    private bool _isResolving;

    /// <param name="origin">Where it stands.</param>
    /// <param name="resolve">Works out its shapes.</param>
    public SchemaNode(SchemaOrigin origin, Func<SchemaNode, IReadOnlyList<Shape>> resolve)
    {
        Origin = origin;
        _resolve = resolve;
        Atoms = [this];
    }

    public SchemaOrigin Origin { get; }

    /// <summary>The schemas that must all hold: itself, or what it was put together from.</summary>
    public IReadOnlyList<SchemaNode> Atoms { get; init; }

    /// <summary>How deep any value may still nest; null where it is not any value.</summary>
    public int? AnyDepth { get; init; }

    /// <summary>A value needs to fit one of these; none: there is no value.</summary>
    /// <exception cref="SchemaException">The schema is malformed, not supported, or refers back to itself without a value in between.</exception>
    public IReadOnlyList<Shape> Shapes
    {
        get
        {
            if (_shapes is null)
            {
                if (_isResolving)
                {
                    throw Origin.Wrong("$ref", "a schema that contains itself without a value in between", "recursion through properties or items");
                }

                RuntimeHelpers.EnsureSufficientExecutionStack();
                _isResolving = true;
                _shapes = _resolve(this);
                _isResolving = false;
            }

            return _shapes;
        }
    }

    public bool Accepts(JsonElement value) => AnyDepth is not null || Shapes.Any(shape => shape.Accepts(value));
}

/// <summary>Where a schema stands.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Pointer">The JSON pointer, as a fragment.</param>
internal sealed record SchemaOrigin(string Name, string Pointer)
{
    public SchemaOrigin At(string part) => this with { Pointer = $"{Pointer}/{part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}" };

    public SchemaOrigin At(string part, int index) => this with { Pointer = $"{Pointer}/{part}/{index}" };

    /// <summary>Runs what may find a text or pattern too large.</summary>
    public T Guard<T>(Func<T> run, string keyword = "pattern")
    {
        try
        {
            return run();
        }
        catch (RegexException error)
        {
            throw Wrong(keyword, error.Found, error.Expected);
        }
    }

    public SchemaException Wrong(string keyword, string found, string expected) => new(Name, Pointer, keyword, found, expected);
}
