using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SkPeft.Http.Tests.Docs;

/// <summary>A table of a settings class: keys, kinds and defaults by reflection, what they mean from the documentation that is compiled with it.</summary>
internal static partial class SettingsReference
{
    public static string Of(Type type, object? standard, params string[] leftOut)
    {
        XDocument comments = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        IEnumerable<string> rows = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && !leftOut.Contains(p.Name))
            .Select(p => $"| `{p.Name}` | {Kind(p.PropertyType)} | {Default(p, standard)} | {Summary(comments, type, p)} |\n");
        return $"| key | kind | default | |\n|---|---|---|---|\n{string.Concat(rows)}";
    }

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } t => string.Join(", ", Enum.GetNames(t).Select(n => $"`{n}`")),
        { } t when t == typeof(bool) => "`true`, `false`",
        { } t when t == typeof(string) => "text",
        { } t when t == typeof(int) || t == typeof(long) => "number",
        { Name: var name } when name.StartsWith("IReadOnlyDictionary", StringComparison.Ordinal) => "section of numbers",
        { } t when t.IsGenericType && t.GetGenericArguments()[0] == typeof(string) => "list of texts",
        { Name: var name } when name.StartsWith("IReadOnlyList", StringComparison.Ordinal) => "list",
        { } t => t.Name,
    };

    private static string Default(PropertyInfo property, object? standard)
    {
        if (property.CustomAttributes.Any(a => a.AttributeType.Name == "RequiredMemberAttribute"))
        {
            return "required";
        }

        return property.GetValue(standard) switch
        {
            null => "–",
            string text => $"`{text}`",
            bool flag => flag ? "`true`" : "`false`",
            IEnumerable list => string.Join(", ", list.Cast<object>().Select(i => $"`{Shown($"{i}")}`")) is { Length: > 0 } texts ? texts : "none",
            { } value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    // Where the tests happen to run is no default.
    private static string Shown(string text) => text.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal) ? text[AppContext.BaseDirectory.Length..] : text;

    private static string Summary(XDocument comments, Type type, PropertyInfo property)
    {
        XElement summary = comments.Descendants("member").Single(m => m.Attribute("name")!.Value == $"P:{type.FullName}.{property.Name}").Element("summary")!;
        IEnumerable<string> parts = summary.Nodes().Select(n => n switch
        {
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.')[^1]}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XText text => text.Value,
            _ => n.ToString(),
        });
        return Spaces().Replace(string.Concat(parts), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
