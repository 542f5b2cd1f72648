using System.Reflection;

namespace SkPeft.Engine.Adapters;

/// <summary>
/// What effects keep in memory: every object that can be reached from them, once. Found by looking, because a method's own effects
/// hold what they like (a rotation, a network, a table), and because a number that each had to report would soon be wrong.
/// </summary>
internal static class RetainedBytes
{
    // Of a 64-bit process: an object's header and its type, a field or element of another kind, and an array's length beside them.
    private const int Header = 16;
    private const int Word = 8;

    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Bytes of the objects behind the effects; shared ones are counted once, those of the base never.</summary>
    public static long Of(IReadOnlyList<Effect> effects)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<object> open = new(effects);
        long bytes = 0;
        while (open.TryPop(out object? next))
        {
            if (IsForeign(next) || !seen.Add(next))
            {
                continue;
            }

            bytes += next is Array array ? Look(array, open) : Look(next, open);
        }

        return bytes;
    }

    // The base belongs to all adapters; types and methods belong to the runtime.
    private static bool IsForeign(object value) => value is IBaseModel or MemberInfo or Assembly or Module or string;

    private static long Look(Array array, Stack<object> open)
    {
        Type element = array.GetType().GetElementType()!;
        if (element.IsPrimitive)
        {
            return Header + Word + Buffer.ByteLength(array);
        }

        foreach (object? item in array)
        {
            Push(item, open);
        }

        return Header + Word + ((long)Word * array.Length);
    }

    private static long Look(object value, Stack<object> open)
    {
        long bytes = Header;
        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Fields))
            {
                Type kind = field.FieldType;
                bytes += Word;
                if (!kind.IsPrimitive && !kind.IsEnum && !kind.IsPointer && !kind.IsByRefLike)
                {
                    Push(field.GetValue(value), open);
                }
            }
        }

        return bytes;
    }

    private static void Push(object? value, Stack<object> open)
    {
        if (value is not null and not Pointer)
        {
            open.Push(value);
        }
    }
}
