using System.Globalization;
using System.Text.Json.Nodes;
using SkPeft.PeftPlugins.Tests.Conformance;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Tensors.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Layers;

/// <summary>What every method that changes single layers must do in training, on its sample's configuration.</summary>
/// <typeparam name="TSample">The sample.</typeparam>
public abstract class LayerTrainingTests<TSample>
    where TSample : MethodSample, new()
{
    private static readonly int[] s_text = [3, 1, 4, 1, 5];

    /// <summary>Changes the sample's configuration so that training starts at the frozen base; null where the method cannot.</summary>
    protected virtual Action<JsonNode>? StartAtBase => config => config["init_weights"] = true;

    [Fact]
    public void BeginTraining_StepZero_IsTheFrozenBaseWhereItShouldBe()
    {
        if (StartAtBase is not { } start)
        {
            // Small starts give small differences.
            Logits(Begin().BuildEffects(MethodSample.Model, 0)).Data.ToArray().Zip(Logits([]).Data.ToArray(), (a, b) => Math.Abs(a - b)).Max().ShouldBeGreaterThan(1e-5f);
            return;
        }

        Logits(Begin(start).BuildEffects(MethodSample.Model, 0)).ShouldBeLogits(Logits([]));
    }

    [Fact]
    public void Export_OfChangedParameters_ServesWhatWasTrained()
    {
        PeftTraining training = Begin();
        Shake(training);
        Tensor trained = Logits(training.BuildEffects(MethodSample.Model, 0));
        AdapterPackage saved = training.Export().ShouldHaveSingleItem();
        Logits(Method.Load(saved, MethodSample.Model.Shape).BuildEffects(MethodSample.Model)).ShouldBeLogits(trained);
        trained.ShouldNotBeLogits(Logits([]));
    }

    [Fact]
    public void Export_AtTheStart_HasNamesAndShapesOfTheSample()
    {
        AdapterPackage saved = Begin().Export().ShouldHaveSingleItem();
        foreach ((string name, int[] shape) in new TSample().Tensors)
        {
            saved.Tensors[name].Shape.ToArray().ShouldBe(shape, name);
        }

        saved.Config.GetProperty("inference_mode").GetBoolean().ShouldBeTrue();
        JsonNode sample = JsonNode.Parse(new TSample().Config)!;
        saved.Config.GetProperty("target_modules").GetRawText().Replace(" ", "").ShouldBe(sample["target_modules"]!.ToJsonString());
    }

    [Fact]
    public void BeginTraining_TheSameSeed_GivesTheSameStart()
    {
        PeftTraining first = Begin();
        PeftTraining second = Begin();
        second.Parameters.Select(p => p.Name).ShouldBe(first.Parameters.Select(p => p.Name));
        first.Parameters.Select(p => p.Name).ShouldBeUnique();
        foreach ((TrainingParameter a, TrainingParameter b) in first.Parameters.Zip(second.Parameters))
        {
            b.Value.Data.ToArray().ShouldBe(a.Value.Data.ToArray(), a.Name);
            a.Name.ShouldContain(".default");
        }
    }

    [Fact]
    public void BeginTraining_NothingButTheType_HasTheMethodsDefaults()
    {
        string type = new TSample().Package().PeftType;
        ITrainablePeftMethod method = Method;
        try
        {
            PeftTraining training = method.BeginTraining(Request(new JsonObject { ["peft_type"] = type }));
            training.MatchedModules.ShouldAllBe(m => m.EndsWith("q_proj", StringComparison.Ordinal) || m.EndsWith("v_proj", StringComparison.Ordinal));
        }
        catch (AdapterOptionException error)
        {
            // Defaults made for large models do not divide this one; the refusal says which.
            error.Problems.ShouldAllBe(p => p.Contains("does not divide") || p.Contains("has 192 frequencies"), customMessage: error.Message);
        }
    }

    [Fact]
    public void BuildEffects_Dropout_IsOfStepsOnly()
    {
        foreach (string key in Dropouts)
        {
            PeftTraining plain = Begin(), dropped = Begin(c => c[key] = 0.5);
            Shake(plain);
            Shake(dropped);
            Tensor logits = Logits(plain.BuildEffects(MethodSample.Model, 0));
            float[] expected = logits.Data.ToArray();

            Logits(dropped.BuildEffects(MethodSample.Model, 0)).Data.ToArray().ShouldBe(expected, $"{key} outside of steps");
            Logits(Method.Load(dropped.Export()[0], MethodSample.Model.Shape).BuildEffects(MethodSample.Model)).ShouldBeLogits(logits);
            OfStep(plain, 1).ShouldBe(expected, $"without {key}");
            float[][] steps = [.. Enumerable.Range(1, 8).Select(step => OfStep(dropped, (ulong)step))];
            OfStep(dropped, 1).ShouldBe(steps[0], key);
            if (Drops(key))
            {
                steps.DistinctBy(s => string.Join(' ', s)).Count().ShouldBeGreaterThan(1, key);
                steps.ShouldContain(s => !s.SequenceEqual(expected), key);
            }
            else
            {
                steps.ShouldAllBe(s => s.SequenceEqual(expected), key);
            }
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    public void BeginTraining_DropoutThatIsNoShare_IsRefusedByName(double probability)
    {
        foreach (string key in Dropouts)
        {
            Should.Throw<AdapterOptionException>(() => Begin(c => c[key] = probability)).Message
                .ShouldContain(string.Create(CultureInfo.InvariantCulture, $"{key} is {probability}; at least 0 and less than 1 can be trained"));
        }
    }

    [Fact]
    public void BeginTraining_CopiesOfModules_StartAsTheBase()
    {
        PeftTraining training = Begin(config => config["modules_to_save"] = new JsonArray("post_attention_layernorm", "model.norm"));
        TrainingParameter copy = training.Parameters.Single(p => p.Name == "base_model.model.model.layers.1.post_attention_layernorm.modules_to_save.default.weight");
        copy.Value.Data.ToArray().ShouldBe(MethodSample.Model.Weight("model.layers.1.post_attention_layernorm").Data.ToArray());
        Shake(training);
        Tensor trained = Logits(training.BuildEffects(MethodSample.Model, 0));
        AdapterPackage saved = training.Export()[0];
        saved.Tensors.Keys.ShouldContain("base_model.model.model.norm.weight");
        Logits(Method.Load(saved, MethodSample.Model.Shape).BuildEffects(MethodSample.Model)).ShouldBeLogits(trained);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("some_only")]
    public void BeginTraining_Biases_AreTrainedWhereTheBaseHasThem(string bias)
    {
        if (JsonNode.Parse(new TSample().Config)!["bias"] is null)
        {
            return;
        }

        ReferenceLlama model = LayerFile.Base;
        PeftTraining training = Method.BeginTraining(Request(Config(c => c["bias"] = bias), model));
        Shake(training);
        IEnumerable<string> biases = training.Parameters.Select(p => p.Name).Where(n => n.EndsWith(".bias", StringComparison.Ordinal));
        biases.Count().ShouldBe(bias == "all" ? 14 : 4);
        biases.ShouldContain("base_model.model.model.layers.0.self_attn.q_proj.base_layer.bias");
        Tensor trained = model.Logits(s_text, 3, training.BuildEffects(model, 0));
        Tensor served = model.Logits(s_text, 3, Method.Load(training.Export()[0], model.Shape).BuildEffects(model));
        served.ShouldBeLogits(trained);
    }

    [Fact]
    public void BeginTraining_HeadOfATiedBase_IsServedAsItWasTrained()
    {
        ReferenceLlama model = ReferenceLlama.Random(MethodSample.Model.Shape.Sizes with { TiedEmbeddings = true }, 9);
        PeftTraining training = Method.BeginTraining(Request(Config(c => c["target_modules"] = new JsonArray("lm_head")), model));
        training.MatchedModules.ShouldBe(["lm_head"]);
        Shake(training);
        Tensor trained = model.Logits(s_text, 3, training.BuildEffects(model, 0));
        AdapterPackage saved = training.Export()[0];
        saved.Tensors.Keys.ShouldContain("base_model.model.lm_head.base_layer.weight");
        model.Logits(s_text, 3, Method.Load(saved, model.Shape).BuildEffects(model)).ShouldBeLogits(trained);
        trained.ShouldNotBeLogits(model.Logits(s_text, 3, []));
    }

    /// <summary>Whether a probability of the configuration drops anything: HF has one that does not.</summary>
    protected virtual bool Drops(string key) => true;

    private static string[] Dropouts => [.. JsonNode.Parse(new TSample().Config)!.AsObject().Select(p => p.Key).Where(k => k.EndsWith("dropout", StringComparison.Ordinal))];

    private static float[] OfStep(PeftTraining training, ulong key)
    {
        using StepDraws draws = new(key);
        return Logits(training.BuildEffects(MethodSample.Model, 0)).Data.ToArray();
    }

    private static ITrainablePeftMethod Method => (ITrainablePeftMethod)new TSample().Method();

    private static PeftTraining Begin(Action<JsonNode>? change = null) => Method.BeginTraining(Request(Config(change)));

    private static JsonNode Config(Action<JsonNode>? change)
    {
        JsonNode config = JsonNode.Parse(new TSample().Config)!;
        foreach (string key in config.AsObject().Select(p => p.Key).Where(k => k.EndsWith("dropout", StringComparison.Ordinal)).ToList())
        {
            config[key] = 0.0;
        }

        change?.Invoke(config);
        return config;
    }

    private static TrainingRequest Request(JsonNode config, ReferenceLlama? model = null) => new()
    {
        Package = AdapterFolder.Make(config.ToJsonString(), new Dictionary<string, Tensor>()),
        Model = model ?? MethodSample.Model,
        Probe = null!,
        Random = new Random(5),
    };

    // As an optimiser would: in place.
    private static void Shake(PeftTraining training)
    {
        Random random = new(6);
        foreach (TrainingParameter parameter in training.Parameters)
        {
            Tensor noise = RandomTensors.Normal(random, 0.3, parameter.Value.Shape.ToArray());
            for (int i = 0; i < noise.Length; i++)
            {
                parameter.Value.Data[i] += noise.Data[i];
            }
        }
    }

    private static Tensor Logits(IReadOnlyList<Effect> effects) => MethodSample.Model.Logits(s_text, instructionLength: 3, effects);
}
