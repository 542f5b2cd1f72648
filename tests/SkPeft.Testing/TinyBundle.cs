namespace SkPeft.Testing;

/// <summary>A folder as the shipped model's, with a seeded random model and two LoRAs: for tests that must not depend on trained weights.</summary>
public static class TinyBundle
{
    /// <summary>Two skills: <c>tell</c> generates, <c>mood</c> (the default) answers with one of two labels.</summary>
    public const string Skills =
        """
        { "Model": "model", "Skills": [
            { "Name": "tell", "Adapter": "skills/tell", "Prompt": "{input}\nTell:", "MaxOutputTokens": 3, "Examples": [ "a fox", "a goose" ] },
            { "Name": "mood", "Adapter": "skills/mood", "Prompt": "T: {input}\n=", "Labels": [ "b", "xy" ], "Default": true, "Examples": [ "rain again" ] } ] }
        """;

    /// <summary>Writes model, adapters and <c>skills.json</c>.</summary>
    public static void Write(string folder)
    {
        TinyLlama.Write(Path.Combine(folder, "model"));
        TinyLlama.WriteLora(Path.Combine(folder, "skills", "tell"), seed: 1);
        TinyLlama.WriteLora(Path.Combine(folder, "skills", "mood"), seed: 2);
        File.WriteAllText(Path.Combine(folder, "skills.json"), Skills);
    }
}
