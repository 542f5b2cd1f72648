using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Structured;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Structured;

public sealed class RandomSchemaTests
{
    private static Config Times(int count) => Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(31, 37);

    /// <summary>Whatever a model says under the mask is valid, whenever it ends by itself; and it never stands before a mask without tokens.</summary>
    [Fact]
    public void Say_RandomSchemas_IsValidWheneverItEnds()
    {
        int compiled = 0, refused = 0, ended = 0, cut = 0;
        Prop.ForAll(RandomSchemas.Any(2).ToArbitrary(), Gen.Choose(0, int.MaxValue - 10).ToArbitrary(), (schema, seed) =>
        {
            // References are to the document: what is in the midst of it moves to its root.
            JsonElement element = Hoisted(schema);
            foreach (Babbler babbler in (Babbler[])[Babbler.Tiny, Babbler.Pieces])
            {
                TokenGrammar grammar;
                try
                {
                    grammar = babbler.Compile(new JsonPart(element, "schema"));
                }
                catch (SchemaException error)
                {
                    error.Message.ShouldMatch("schema|oneOf");
                    refused++;
                    continue;
                }

                compiled++;
                for (int i = 0; i < 3; i++)
                {
                    (string text, bool isWhole) = babbler.Say(grammar, seed + i);
                    (ended, cut) = isWhole ? (ended + 1, cut) : (ended, cut + 1);
                    if (isWhole && new SchemaCheck(element).Problem(text) is { } problem)
                    {
                        Assert.Fail($"{problem}\n{element.GetRawText()}\n{text}\nseed {seed + i}");
                    }
                }
            }
        }).Check(Times(500));
        TestContext.Current.TestOutputHelper?.WriteLine($"compiled {compiled}, refused {refused}, ended {ended}, cut {cut}");

        // The test would pass in silence if most schemas were refused, or most texts cut.
        compiled.ShouldBeGreaterThan(3 * refused / 2);
        ended.ShouldBeGreaterThan(9 * cut);
        ended.ShouldBeGreaterThan(1500);
    }

    private static JsonElement Hoisted(JsonNode schema)
    {
        JsonNode? definitions = null;
        foreach (JsonObject node in Nodes(schema).OfType<JsonObject>().Where(n => n.ContainsKey("$defs") && n["$defs"] is JsonObject).ToArray())
        {
            definitions = node["$defs"]!.DeepClone();
            node.Remove("$defs");
        }

        JsonObject root = new() { ["allOf"] = new JsonArray(schema.DeepClone()) };
        if (definitions is not null)
        {
            root["$defs"] = definitions;
        }

        return JsonSerializer.SerializeToElement(root);
    }

    private static IEnumerable<JsonNode?> Nodes(JsonNode? node) => node switch
    {
        JsonObject item => [item, .. item.SelectMany(p => Nodes(p.Value))],
        JsonArray list => [list, .. list.SelectMany(Nodes)],
        _ => [node],
    };
}
