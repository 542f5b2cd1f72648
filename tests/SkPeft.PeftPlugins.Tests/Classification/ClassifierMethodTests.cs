using SkPeft.Peft.BitFit;
using SkPeft.Peft.Ia3;
using SkPeft.Peft.Lora;
using SkPeft.Peft.PromptTuning;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Classification;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Classification;

/// <summary>A classification head beside the files of any method.</summary>
public sealed class ClassifierMethodTests
{
    private const string Head = "base_model.model.score.weight";
    private const string Vector = "base_model.model.model.layers.0.self_attn.v_proj.ia3_l";

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 1, HiddenSize = 8, Heads = 4, KeyValueHeads = 2, HeadDim = 6, IntermediateSize = 12, VocabularySize = 16 }, 4);

    [Theory]
    [InlineData("base_model.model.score.weight")]
    [InlineData("base_model.score.weight")]
    [InlineData("score.weight")]
    public void Load_AHeadUnderAnyPrefix_GivesItsScores(string name)
    {
        Dictionary<string, Tensor> tensors = Tensors();
        Tensor head = tensors[Head];
        tensors.Remove(Head);
        tensors[name] = head;

        IReadOnlyList<Effect> effects = Load(Config(), tensors).BuildEffects(s_model);

        ClassifierEffect found = effects.OfType<ClassifierEffect>().Single();
        found.Weight.Data.ToArray().ShouldBe(head.Data.ToArray());
        found.Labels.ShouldBe(["0", "1", "2"]);
        effects.OfType<OutputScaleEffect>().Count().ShouldBe(1);
    }

    [Fact]
    public void Load_NamesOfClasses_AreTheLabels()
    {
        IReadOnlyList<Effect> effects = Load(Config(""", "id2label": { "1": "b", "0": "a", "2": "c" }, "label2id": { "a": 0, "b": 1, "c": 2 }"""), Tensors()).BuildEffects(s_model);
        effects.OfType<ClassifierEffect>().Single().Labels.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Load_ABiasOfTheHead_IsRead()
    {
        Dictionary<string, Tensor> tensors = Tensors();
        tensors["base_model.model.score.bias"] = Tensor.From([1, 2, 3], 3);
        Load(Config(), tensors).BuildEffects(s_model).OfType<ClassifierEffect>().Single().Bias!.Data.ToArray().ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData(""", "num_labels": 4""", "4 classes, the head has 3")]
    [InlineData(""", "id2label": { "0": "a", "1": "b" }""", "2 classes, the head has 3")]
    [InlineData(""", "id2label": { "0": "a", "1": "a", "2": "b" }""", "different names")]
    [InlineData(""", "id2label": { "0": "a", "2": "b", "3": "c" }""", "ids 0 to 2")]
    [InlineData(""", "id2label": { "0": "a", "1": "b", "2": "c" }, "num_labels": 2""", "num_labels is 2")]
    [InlineData(""", "modules_to_save": ["score", "no_such_option"], "some_option": 3""", "some_option is 3")]
    public void Load_ClassesThatDoNotFit_AreNamed(string more, string named) =>
        Should.Throw<AdapterOptionException>(() => Load(Config(more), Tensors())).Message.ShouldContain(named);

    [Fact]
    public void Load_WithoutAHead_NamesIt()
    {
        Dictionary<string, Tensor> tensors = Tensors();
        tensors.Remove(Head);
        Should.Throw<AdapterShapeException>(() => Load(Config(), tensors)).Tensor.ShouldBe(Head);
    }

    [Theory]
    [InlineData(3, 7, "[any, 8]")]
    [InlineData(1, 8, "regression")]
    [InlineData(0, 8, "0 outputs")]
    public void Load_AHeadThatIsNone_SaysWhatIsExpected(int rows, int columns, string expected)
    {
        Dictionary<string, Tensor> tensors = Tensors();
        tensors[Head] = new Tensor(rows, columns);
        Should.Throw<SkPeftException>(() => Load(Config(), tensors)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Load_AnotherTask_GoesToTheMethodAsItIs()
    {
        string config = Config().Replace("SEQ_CLS", "TOKEN_CLS", StringComparison.Ordinal);
        Should.Throw<AdapterOptionException>(() => Load(config, Tensors())).Message.ShouldContain("TOKEN_CLS");
    }

    [Fact]
    public void Around_AMethod_KeepsWhatItIs()
    {
        IPeftMethod method = ClassifierMethod.Around((IPeftMethod)new Ia3Method());
        method.ShouldBeAssignableTo<ITrainablePeftMethod>();
        ClassifierMethod.Around(method).ShouldBeSameAs(method);
        method.PeftTypes.ShouldBe(["IA3"]);
        method.Description.ShouldBe(new Ia3Method().Description);
        method.SelfTest();
    }

    [Theory]
    [InlineData("IA3", "base_model.model.score.weight", "base_model.model.score.modules_to_save.default.weight")]
    [InlineData("LORA", "base_model.model.score.weight", "base_model.model.score.modules_to_save.default.weight")]
    [InlineData("PROMPT_TUNING", "base_model.score.weight", "base_model.score.modules_to_save.default.weight")]
    [InlineData("SKPEFT_BITFIT", "score.weight", "score.weight")]
    public void BeginTraining_OfAnyMethod_HasAHeadUnderTheNamesOfItsFormat(string type, string fileName, string trainingName)
    {
        ITrainablePeftMethod[] methods = [new Ia3Method(), new LoraMethod(), new PromptTuningMethod(), new BitFitMethod()];
        ITrainablePeftMethod method = ClassifierMethod.Around(methods.Single(m => m.PeftTypes.Contains(type)));
        string tokens = type == "PROMPT_TUNING" ? """, "num_virtual_tokens": 3""" : "";
        PeftTraining training = method.BeginTraining(Requests.Of(
            s_model, $$"""{ "peft_type": "{{type}}", "task_type": "SEQ_CLS", "id2label": { "0": "no", "1": "yes" }{{tokens}} }"""));

        training.Parameters[^1].Name.ShouldBe(trainingName);
        training.Parameters[^1].Value.ShapeText.ShouldBe("[2, 8]");
        training.MatchedModules[^1].ShouldBe("score");
        training.Move();
        AdapterPackage saved = training.Export()[0];
        saved.Tensors.Keys.ShouldContain(fileName);
        saved.Config.GetProperty("task_type").GetString().ShouldBe("SEQ_CLS");
        saved.Config.GetProperty("id2label").GetProperty("1").GetString().ShouldBe("yes");
        saved.Config.TryGetProperty("modules_to_save", out _).ShouldBe(trainingName.Contains("modules_to_save"));

        int[] text = [3, 1, 4];
        Tensor trained = s_model.Scores(text, 3, training.BuildEffects(s_model, 0));
        Tensor loaded = s_model.Scores(text, 3, method.Load(saved, s_model.Shape).BuildEffects(s_model));
        loaded.Data.ToArray().Zip(trained.Data.ToArray()).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-5);
    }

    [Fact]
    public void BeginTraining_ModulesToSave_KeepTheOthers()
    {
        PeftTraining training = ClassifierMethod.Around((ITrainablePeftMethod)new Ia3Method()).BeginTraining(Requests.Of(
            s_model, """{ "peft_type": "IA3", "task_type": "SEQ_CLS", "num_labels": 3, "modules_to_save": ["norm", "score"] }"""));
        training.Parameters.Count(p => p.Name.Contains("modules_to_save")).ShouldBe(4);
        training.Export()[0].Config.GetProperty("modules_to_save").EnumerateArray().Select(m => m.GetString()).ShouldBe(["classifier", "score", "norm"]);
    }

    [Fact]
    public void BeginTraining_AHeadBesideTheConfiguration_SaysHowManyClasses()
    {
        AdapterPackage came = AdapterFolder.Make(Config(), Tensors());
        ClassifierMethod.Around((ITrainablePeftMethod)new Ia3Method()).BeginTraining(Requests.Of(s_model, came)).Parameters[^1].Value.ShapeText.ShouldBe("[3, 8]");
    }

    [Fact]
    public void BeginTraining_WithoutClasses_SaysHowToNameThem() =>
        Should.Throw<AdapterOptionException>(() => ClassifierMethod.Around((ITrainablePeftMethod)new Ia3Method())
            .BeginTraining(Requests.Of(s_model, """{ "peft_type": "IA3", "task_type": "SEQ_CLS" }"""))).Message.ShouldContain("id2label");

    private static PeftModule Load(string config, Dictionary<string, Tensor> tensors) =>
        ClassifierMethod.Around((IPeftMethod)new Ia3Method()).Load(AdapterFolder.Make(config, tensors), s_model.Shape);

    private static string Config(string more = "") => $$"""
        { "peft_type": "IA3", "task_type": "SEQ_CLS", "target_modules": ["v_proj"], "feedforward_modules": []{{(more.Contains("modules_to_save") ? "" : """, "modules_to_save": ["classifier", "score"]""")}}{{more}} }
        """;

    private static Dictionary<string, Tensor> Tensors()
    {
        Random random = new(2);
        return new() { [Vector] = RandomTensors.Normal(random, 1, 12, 1), [Head] = RandomTensors.Normal(random, 1, 3, 8) };
    }
}
