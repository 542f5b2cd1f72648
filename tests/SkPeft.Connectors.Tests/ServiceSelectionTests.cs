using SkPeft.Connectors.Functions;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Tests;

public sealed class ServiceSelectionTests
{
    private static readonly SkillMap s_skills = new(
    [
        new() { Name = "say", Adapter = "red", Functions = ["Reviews.Say", "Alone"] },
        new() { Name = "desk", Adapter = "blue", Plugins = ["Desk"] },
    ]);

    private static readonly CallingFunction s_free = new("Reviews", "Free");
    private static readonly CallSettings s_any = new("default", null, null, false);

    [Theory]
    [InlineData("Reviews", "Say", true)]
    [InlineData("reviews", "SAY", true)]
    [InlineData("Other", "Say", false)]
    [InlineData("Other", "Alone", true)]
    [InlineData(null, "Alone", true)]
    [InlineData("Desk", "Anything", true)]
    [InlineData("Reviews", "Free", false)]
    [InlineData(null, null, false)]
    public void Choose_WithoutSettings_TheSkillMapDecides(string? plugin, string? name, bool isOurs)
    {
        Choose(new CallingFunction(plugin, name)).ShouldBe(new ServiceChoice(isOurs ? ChoiceKind.Routing : ChoiceKind.Framework));
        Choose(new CallingFunction(plugin, name), s_any).ShouldBe(isOurs ? new ServiceChoice(ChoiceKind.Routing, Settings: 0) : new ServiceChoice(ChoiceKind.Framework));
    }

    [Fact]
    public void Choose_ANamedService_GoesBeforeEverything()
    {
        CallingFunction claimed = new("Reviews", "Say");

        Choose(claimed, s_any, new CallSettings("mine", null, null, false)).ShouldBe(new ServiceChoice(ChoiceKind.Named, "mine", 1));
        Choose(claimed, new CallSettings("default", "mine", null, true)).ShouldBe(new ServiceChoice(ChoiceKind.Named, "mine", 0));
        Choose(claimed, new CallSettings("", "mine", null, true)).ShouldBe(new ServiceChoice(ChoiceKind.Named, "mine", 0));
    }

    [Fact]
    public void Choose_SettingsThatNameAModule_AreForTheRoutingClient()
    {
        Choose(s_free, new CallSettings("other", null, null, true), s_any with { NamesModule = true }).ShouldBe(new ServiceChoice(ChoiceKind.Routing, Settings: 1));
        Choose(s_free, new CallSettings("other", null, null, true), s_any).Kind.ShouldBe(ChoiceKind.Framework);
    }

    [Fact]
    public void Choose_ServicesThatAreNotThere_AreToldWithThoseThatAre()
    {
        ServiceChoice choice = Choose(new CallingFunction("Reviews", "Say"), new CallSettings("gone", null, null, false), new CallSettings("lost", null, null, false));

        choice.Kind.ShouldBe(ChoiceKind.Nobody);
        choice.Problem.ShouldBe("The execution settings name the service 'gone', 'lost', and there is no service of that key. Services: 'say', 'skpeft'. Name one of them, or add settings under 'default'.");
        Choose(s_free, new CallSettings("gone", null, "m", false)).Kind.ShouldBe(ChoiceKind.Framework);
    }

    [Theory]
    [InlineData(null, "InvokePromptAsync_0123456789abcdef0123456789abcdef", null)]
    [InlineData(null, "InvokePromptStreamingAsync_0123456789ABCDEF0123456789abcdef", null)]
    [InlineData(null, "Function_0123456789abcdef0123456789abcdef", null)]
    [InlineData(" ", "Say", "Say")]
    [InlineData(null, "Say_0123456789abcdef", "Say_0123456789abcdef")]
    [InlineData("Reviews", "Function_0123456789abcdef0123456789abcdef", "Function_0123456789abcdef0123456789abcdef")]
    public void Of_ANameThatWasMadeUp_IsNone(string? plugin, string name, string? expected) =>
        CallingFunction.Of(plugin, name).ShouldBe(new CallingFunction(string.IsNullOrWhiteSpace(plugin) ? null : plugin, expected));

    [Fact]
    public void Add_TheFunction_UnlessTheSettingsSpeakForAnother()
    {
        Dictionary<string, object> values = [];
        FunctionProperties.Add(values, new CallingFunction("Reviews", "Say"));
        values.ShouldBe(new Dictionary<string, object> { ["function"] = "Say", ["plugin"] = "Reviews" });

        Dictionary<string, object> own = new() { ["Function"] = "Other" };
        FunctionProperties.Add(own, new CallingFunction("Reviews", "Say"));
        own.Keys.ShouldBe(["Function"]);

        Dictionary<string, object> nameless = [];
        FunctionProperties.Add(nameless, new CallingFunction(null, null));
        nameless.ShouldBeEmpty();
    }

    [Fact]
    public void NamesModule_OfAnyCase()
    {
        FunctionProperties.NamesModule(new Dictionary<string, object> { ["ADAPTER"] = "x" }).ShouldBeTrue();
        FunctionProperties.NamesModule(new Dictionary<string, object> { ["Skill"] = "x" }).ShouldBeTrue();
        FunctionProperties.NamesModule(new Dictionary<string, object> { ["temperature"] = 1 }).ShouldBeFalse();
        FunctionProperties.NamesModule(null).ShouldBeFalse();
    }

    private static ServiceChoice Choose(CallingFunction function, params CallSettings[] settings) =>
        new ServiceSelection(s_skills, ["say", "skpeft"]).Choose(function, settings, key => key == "mine");
}
