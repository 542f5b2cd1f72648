using System.Text.Json;

namespace SkPeft.Tensors.Training;

/// <summary>Reads the object under <c>start</c> in a run's options, strictly: a key that the method does not read is refused.</summary>
public sealed class StartReader : OptionReader
{
    private static readonly JsonElement s_nothing = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    private readonly AdapterPackage _package;

    /// <summary>Starts reading; a run without such an object reads as an empty one.</summary>
    /// <param name="request">The run.</param>
    /// <exception cref="FileFormatException">It is something else than an object.</exception>
    public StartReader(TrainingRequest request)
        : base("the options' start", IsThere(request) ? request.Start : s_nothing) => _package = request.Package;

    /// <summary>Reads a positive whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">What an absent key means.</param>
    public int Positive(string key, int otherwise)
    {
        int value = Integer(key, otherwise);
        if (value < 1 && value != otherwise)
        {
            Problem($"start.{key} is {value}; at least 1 is supported");
        }

        return value;
    }

    /// <summary>Reads words to start from; null or absent gives null. A text without any is a problem: whoever gives one does not want a random start.</summary>
    /// <param name="key">The key.</param>
    public string? Words(string key)
    {
        if (Get(key) is null)
        {
            return null;
        }

        string words = Text(key, "");
        if (string.IsNullOrWhiteSpace(words))
        {
            Problem($"start.{key} is '{words}', a text without words; give the words to start from, or leave start.{key} out");
        }

        return words;
    }

    /// <summary>Ends reading.</summary>
    /// <exception cref="AdapterOptionException">A key is not known, or there were problems.</exception>
    public void Finish()
    {
        foreach (JsonProperty property in Unread)
        {
            Problem($"start.{property.Name} is {Shorten(property.Value.GetRawText())}, a start that this method does not know");
        }

        if (Problems.Count > 0)
        {
            throw new AdapterOptionException(_package.Name, _package.PeftType, Problems);
        }
    }

    private static bool IsThere(TrainingRequest request) => request.Start.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
}
