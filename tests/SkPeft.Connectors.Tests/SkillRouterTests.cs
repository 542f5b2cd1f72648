using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Tests;

public class SkillRouterTests
{
    private static readonly SkillDefinition[] s_skills =
    [
        new() { Name = "summary", Adapter = "sum@2", Functions = ["Writer.Summarize", "Shorten"] },
        new() { Name = "writer", Adapter = "style", Plugins = ["Writer"] },
        new() { Name = "mood", Adapter = "sentiment@prod", Tags = ["feelings"], Functions = ["Summarize"] },
        new() { Name = "rest", Adapter = "general", Default = true },
    ];

    private static readonly SkillRouter s_router = new(new SkillMap(s_skills));

    [Theory]
    [InlineData("Writer", "Summarize", null, "sum@2")]
    [InlineData("writer", "SUMMARIZE", "feelings", "sum@2")]
    [InlineData(null, "Writer.Summarize", null, "sum@2")]
    [InlineData("Other", "Summarize", null, "sentiment@prod")]
    [InlineData(null, "Summarize", null, "sentiment@prod")]
    [InlineData("Writer", "Rhyme", "feelings", "style")]
    [InlineData("Other", "Rhyme", "Feelings", "sentiment@prod")]
    [InlineData(null, "InvokePromptAsync_5f0c", null, "general")]
    [InlineData(null, null, null, "general")]
    public void Route_TheMap_GoesFromFunctionToPluginToTagToDefault(string? plugin, string? function, string? tag, string adapter) =>
        s_router.Route(new RouteRequest { Plugin = plugin, Function = function, Tags = tag is null ? [] : [tag] }).Adapter.ShouldBe(adapter);

    [Fact]
    public void Route_AnExplicitAdapter_GoesBeforeEverything()
    {
        RouteExplanation route = s_router.Route(new RouteRequest { Adapter = "mine@7", Function = "Shorten", Plugin = "Writer" });

        route.Adapter.ShouldBe("mine@7");
        route.Skill.ShouldBeNull();
        route.Reason.ShouldContain("'mine@7' was asked for");
    }

    [Fact]
    public void Route_AdapterAndSkill_GiveTheSkillsPromptWithThatAdapter()
    {
        RouteExplanation route = s_router.Route(new RouteRequest { Adapter = "sentiment@canary", Skill = "MOOD" });

        route.Adapter.ShouldBe("sentiment@canary");
        route.Skill!.Name.ShouldBe("mood");
    }

    [Fact]
    public void Route_AClientOfASkill_StaysWithIt_UnlessTheRequestNamesAnother()
    {
        s_router.Route(new RouteRequest { ClientSkill = "mood", Function = "Shorten" }).Adapter.ShouldBe("sentiment@prod");
        s_router.Route(new RouteRequest { ClientSkill = "mood", Skill = "writer" }).Adapter.ShouldBe("style");
        s_router.Route(new RouteRequest { ClientSkill = "mood", ModelId = "sentiment@3" }).Skill!.Name.ShouldBe("mood");
    }

    [Fact]
    public void Route_AdapterAndModelIdThatDiffer_AreRefusedByName()
    {
        RouteExplanation route = s_router.Route(new RouteRequest { Adapter = "a", ModelId = "b" });

        route.IsRefused.ShouldBeTrue();
        route.Reason.ShouldContain("ModelId");
        s_router.Route(new RouteRequest { Adapter = "a", ModelId = "a" }).Adapter.ShouldBe("a");
    }

    [Fact]
    public void Route_TagsOfTwoSkills_AreRefused_NotGuessed()
    {
        SkillRouter router = new(new SkillMap([new() { Name = "x", Adapter = "x", Tags = ["one"] }, new() { Name = "y", Adapter = "y", Tags = ["two", "three"] }]));

        router.Route(new RouteRequest { Tags = ["one", "three"] }).IsRefused.ShouldBeTrue();
        router.Route(new RouteRequest { Tags = ["none", "three", "two"] }).Adapter.ShouldBe("y");
    }

    [Fact]
    public void Route_NothingMatchesAndNoDefault_IsRefused_AndSaysWhatThereIs()
    {
        RouteExplanation route = new SkillRouter(new SkillMap(s_skills[..3])).Route(new RouteRequest { Function = "Unknown", Tags = ["odd"] });

        route.IsRefused.ShouldBeTrue();
        route.IsBase.ShouldBeFalse();
        route.Reason.ShouldContain("'summary', 'writer', 'mood'");
        route.Steps.Select(s => s.Rule).ShouldBe(["adapter", "model id", "skill", "client", "function", "plugin", "tag", "default"]);
        route.ToString().ShouldContain("'Unknown' is claimed by no skill");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Route_TheBase_OnlyWhereItIsAllowed(bool allowed) =>
        new SkillRouter(new SkillMap([], allowed)).Route(new RouteRequest { Adapter = "base" }).IsBase.ShouldBe(allowed);

    [Fact]
    public void Route_AnUnknownSkill_IsRefused() => s_router.Route(new RouteRequest { Skill = "moood" }).Reason.ShouldContain("no skill 'moood'");

    [Fact]
    public void SkillMap_Conflicts_AreToldTogether_ByKey()
    {
        IReadOnlyList<string> problems = Should.Throw<ConfigurationException>(() => new SkillMap(
        [
            new() { Name = "a", Adapter = "a", Functions = ["F"], Plugins = ["P"], Tags = ["T", "T"], Default = true, Key = "SkPeft:Skills:0" },
            new() { Name = "A", Adapter = "not legal!", Functions = ["X", "f"], Plugins = ["p"], Default = true, Key = "SkPeft:Skills:1" },
            new() { Name = "c", Adapter = "base", Prompt = "no place", Key = "SkPeft:Skills:2" },
        ])).Problems;

        string[] keys = [.. problems.Select(p => p[..p.IndexOf(": ", StringComparison.Ordinal)])];
        keys.ShouldBe(
            [
                "SkPeft:Skills:0:Tags:1", "SkPeft:Skills:1:Adapter", "SkPeft:Skills:1:Name", "SkPeft:Skills:1:Functions:1", "SkPeft:Skills:1:Plugins:0",
                "SkPeft:Skills:1:Default", "SkPeft:Skills:2:Adapter", "SkPeft:Skills:2:Prompt",
            ],
            ignoreOrder: true);
        problems.ShouldContain(p => p.Contains("claimed by 'A' and by 'a' (SkPeft:Skills:0:Functions:0)"));
    }

    [Fact]
    public void SkillMap_Labels_MustDifferAndHaveWords()
    {
        IReadOnlyList<string> problems = Should.Throw<ConfigurationException>(() => new SkillMap(
        [
            new() { Name = "x", Adapter = "x", Labels = [new("good", ["fine", "great"]), new("bad", [" fine", ""]), new("odd", [])] },
        ])).Problems;

        problems.Count.ShouldBe(3);
        problems.ShouldContain(p => p.Contains("'fine' is a word of 'good' already", StringComparison.Ordinal) || p.Contains("' fine' is a word of 'good' already", StringComparison.Ordinal));
    }
}
