using System.Security.Cryptography;
using System.Text;

namespace SkPeft.Connectors.Tools;

/// <summary>Ids of the calls of one answer.</summary>
/// <param name="answer">The answer's own id.</param>
/// <param name="length">The length that the model's template insists on, of letters and digits; null: any.</param>
internal sealed class CallIds(string answer, int? length = null)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>An id for the next call: the model's own where it wrote one that can be used.</summary>
    public string Next(string? own)
    {
        string id = own is not null && !_used.Contains(own) && (length is null || (own.Length == length && own.All(char.IsAsciiLetterOrDigit))) ? own : At(_used.Count);
        _used.Add(id);
        return id;
    }

    /// <summary>The id of a call that brings none.</summary>
    /// <param name="index">Which call of the answer, from 0.</param>
    public string At(int index)
    {
        string id = $"{answer}-call-{index}";
        return length is null ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..length.Value];
    }
}
