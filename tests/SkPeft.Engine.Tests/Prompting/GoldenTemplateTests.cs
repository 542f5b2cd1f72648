using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Prompting;

/// <summary>Real chat templates over nine conversations: equal text, and an error wherever the reference raises one.</summary>
public sealed class GoldenTemplateTests
{
    public static TheoryData<string> Templates => [.. SharedFolder.FilesIn("golden", "templates").Where(f => f.EndsWith(".jinja", StringComparison.Ordinal)).DefaultIfEmpty("")];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Templates))]
    public void Render_PublishedTemplate_GivesTheReferencesText(string file)
    {
        ChatTemplate template = ChatTemplate.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "templates", file)), file);
        JsonObject inputs = JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "templates", "inputs.json")))!.AsObject();
        JsonArray expected = JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "templates", Path.ChangeExtension(file, ".json"))))!.AsArray();
        foreach (JsonNode? entry in expected)
        {
            string name = entry!["input"]!.GetValue<string>();
            JsonObject given = inputs[name]!.AsObject();
            ChatTemplateInput input = new()
            {
                Messages = given["messages"]!.DeepClone().AsArray(),
                Tools = given["tools"]?.DeepClone().AsArray(),
                AddGenerationPrompt = given["add_generation_prompt"]?.GetValue<bool>() ?? true,
                BosToken = "<s>",
                EosToken = "</s>",
                Now = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
            };
            if (entry["rendered"] is { } rendered)
            {
                template.Render(input).Text.ShouldBe(rendered.GetValue<string>(), $"{file}, {name}");
            }
            else
            {
                Should.Throw<TemplateException>(() => template.Render(input), $"{file}, {name}: {entry["error"]}");
            }
        }
    }
}
