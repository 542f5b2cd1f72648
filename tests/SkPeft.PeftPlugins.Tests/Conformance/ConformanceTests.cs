using System.Text.Json.Nodes;

namespace SkPeft.PeftPlugins.Tests.Conformance;

/// <summary>What every method must do, whatever it computes. A new plugin is found and held to it without being named here.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public void EveryType_ThatAPluginReads_HasASample() =>
        PluginMethods.All.SelectMany(m => m.PeftTypes).Except(MethodSamples.Types).ShouldBeEmpty("derive a class from MethodSample in the method's Tests folder");

    [Theory]
    [MemberData(nameof(PluginMethods.Names), MemberType = typeof(PluginMethods))]
    public void SelfTest_OfEveryMethod_Passes(string name)
    {
        IPeftMethod method = PluginMethods.Named(name);
        method.SelfTest();
        method.Description.ShouldNotBeNullOrWhiteSpace();
        method.PeftTypes.ShouldAllBe(t => t.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'));
    }

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_Twice_GivesTheSameFunction_AndNotTheBase(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        float[] first = Logits(sample.Text, sample.Method().Load(sample.Package(), MethodSample.Model.Shape).BuildEffects(MethodSample.Model));
        float[] second = Logits(sample.Text, sample.Method().Load(sample.Package(), MethodSample.Model.Shape).BuildEffects(MethodSample.Model));
        second.ShouldBe(first);
        first.ShouldAllBe(v => float.IsFinite(v));
        // The base has no soft tokens: any tokens stand in their places there.
        first.Zip(Logits([.. sample.Text.Select(Math.Abs)], []), (a, b) => Math.Abs(a - b)).Max().ShouldBeGreaterThan(1e-3f, "the sample would not notice if the base answered");
    }

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_LeavesItsTensorsAsTheyWere(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        AdapterPackage package = sample.Package();
        IReadOnlyList<Effect> effects = sample.Method().Load(package, MethodSample.Model.Shape).BuildEffects(MethodSample.Model);
        _ = Logits(sample.Text, effects);
        foreach ((string tensor, Tensor before) in sample.RandomTensors())
        {
            package.Tensors[tensor].Data.ToArray().ShouldBe(before.Data.ToArray(), tensor);
        }
    }

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void MatchedModules_NameRealModules_Once(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        IReadOnlyList<string> matched = sample.Method().Load(sample.Package(), MethodSample.Model.Shape).MatchedModules;
        matched.ShouldNotBeEmpty();
        matched.ShouldBeUnique();
        matched.Except(ModuleTree.NamesOf(MethodSample.Model.Shape)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_AnUnknownOption_NamesIt(string name)
    {
        AdapterOptionException error = Should.Throw<AdapterOptionException>(() => LoadWith(name, c => c["some_future_option"] = 7));
        error.Problems.ShouldHaveSingleItem().ShouldContain("some_future_option is 7");
    }

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_AnUnknownOptionThatIsOff_IsAccepted(string name) =>
        LoadWith(name, c => (c["some_future_option"], c["another"], c["third"]) = (null, false, new JsonArray())).MatchedModules.ShouldNotBeEmpty();

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_AnotherTask_IsRefused(string name) =>
        Should.Throw<AdapterOptionException>(() => LoadWith(name, c => c["task_type"] = "SEQ_CLS")).Message.ShouldContain("SEQ_CLS");

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_TargetsThatAreNotThere_MatchNothing(string name)
    {
        JsonNode config = JsonNode.Parse(MethodSamples.Named(name).Config)!;
        if (config["target_modules"] is not JsonArray)
        {
            return;
        }

        AdapterMatchesNothingException error = Should.Throw<AdapterMatchesNothingException>(
            () => LoadWith(name, c => c["target_modules"] = new JsonArray("no_such_module")));
        error.Message.ShouldContain("no_such_module");
        error.Message.ShouldContain("model.layers.0.self_attn.q_proj");
    }

    [Theory]
    [MemberData(nameof(MethodSamples.Names), MemberType = typeof(MethodSamples))]
    public void Load_ALeftOverTensor_NamesIt(string name)
    {
        MethodSample sample = MethodSamples.Named(name);
        Dictionary<string, Tensor> tensors = sample.RandomTensors();
        tensors["model.layers.0.self_attn.stray"] = new Tensor(2);
        Should.Throw<AdapterShapeException>(() => sample.Method().Load(sample.Package(sample.Config, tensors), MethodSample.Model.Shape))
            .Message.ShouldContain("stray");
    }

    [Theory]
    [MemberData(nameof(MethodSamples.TensorNames), MemberType = typeof(MethodSamples))]
    public void Load_AMissingTensor_NamesIt(string name, string tensor)
    {
        MethodSample sample = MethodSamples.Named(name);
        Dictionary<string, Tensor> tensors = sample.RandomTensors();
        tensors.Remove(tensor);
        Should.Throw<AdapterShapeException>(() => sample.Method().Load(sample.Package(sample.Config, tensors), MethodSample.Model.Shape))
            .Tensor.ShouldBe(tensor);
    }

    [Theory]
    [MemberData(nameof(MethodSamples.TensorNames), MemberType = typeof(MethodSamples))]
    public void Load_AWrongShape_SaysBothShapes(string name, string tensor)
    {
        MethodSample sample = MethodSamples.Named(name);
        foreach (int axis in Enumerable.Range(0, sample.RandomTensors()[tensor].Rank))
        {
            Dictionary<string, Tensor> tensors = sample.RandomTensors();
            Tensor good = tensors[tensor];
            int[] shape = [.. good.Shape];
            shape[axis]++;
            tensors[tensor] = new Tensor(shape);
            AdapterShapeException error = Should.Throw<AdapterShapeException>(
                () => sample.Method().Load(sample.Package(sample.Config, tensors), MethodSample.Model.Shape), $"axis {axis}");
            error.Message.ShouldContain(tensor);
            error.Message.ShouldContain(good.ShapeText);
            error.Message.ShouldContain(tensors[tensor].ShapeText);
        }
    }

    [Theory]
    [MemberData(nameof(MethodSamples.TensorNames), MemberType = typeof(MethodSamples))]
    public void Load_AValueThatIsNoNumber_NamesTheTensor(string name, string tensor)
    {
        MethodSample sample = MethodSamples.Named(name);
        Dictionary<string, Tensor> tensors = sample.RandomTensors();
        tensors[tensor].Data[^1] = float.NaN;
        Should.Throw<AdapterShapeException>(() => sample.Method().Load(sample.Package(sample.Config, tensors), MethodSample.Model.Shape))
            .Tensor.ShouldBe(tensor);
    }

    private static PeftModule LoadWith(string name, Action<JsonNode> change)
    {
        MethodSample sample = MethodSamples.Named(name);
        JsonNode config = JsonNode.Parse(sample.Config)!;
        change(config);
        return sample.Method().Load(sample.Package(config.ToJsonString(), sample.RandomTensors()), MethodSample.Model.Shape);
    }

    private static float[] Logits(int[] text, IReadOnlyList<Effect> effects) => MethodSample.Model.Logits(text, instructionLength: 3, effects).Data.ToArray();
}
