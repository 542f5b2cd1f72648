using SkPeft.Peft.PTuning;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.PTuning;

public sealed class PTuningTrainingTests
{
    private const string Inputs = "prompt_encoder.default.embedding.weight";

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 1, HiddenSize = 6, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 8, VocabularySize = 97 }, 4);

    private static readonly PTuningMethod s_method = new();

    [Theory]
    [InlineData("MLP")]
    [InlineData("LSTM")]
    public void Export_OverSeveralTasks_IsAPromptForEach(string encoder)
    {
        PeftTraining training = Begin(encoder, tasks: 3);

        training.Tasks.ShouldBe(3);
        training.Value(Inputs).ShapeText.ShouldBe("[12, 6]");
        IReadOnlyList<AdapterPackage> exported = training.Export();
        exported.Select(p => p.Name).ShouldBe(["hand-made-0", "hand-made-1", "hand-made-2"]);
        for (int task = 0; task < 3; task++)
        {
            float[] trained = Prompt(training, task).Data.ToArray();
            Effect served = s_method.Load(exported[task], s_model.Shape).BuildEffects(s_model).ShouldHaveSingleItem();
            ((PromptEmbeddingsEffect)served).Embeddings.Data.ToArray().ShouldBe(trained);
            ((PromptEmbeddingsEffect)served).Embeddings.NeedsGradient.ShouldBeFalse();
        }

        exported[0].Tensors["prompt_embeddings"].Data.ToArray().ShouldNotBe(exported[1].Tensors["prompt_embeddings"].Data.ToArray());
    }

    [Theory]
    [InlineData("MLP")]
    [InlineData("LSTM")]
    public void Gradients_OfOneTask_ReachItsInputsAndTheSharedEncoder(string encoder)
    {
        PeftTraining training = Begin(encoder, tasks: 3);
        Tensor prompt = Prompt(training, 1);

        Gradients gradients = Gradients.Of(prompt, RandomTensors.Normal(new Random(1), 1, 4, 6));

        foreach (TrainingParameter parameter in training.Parameters)
        {
            gradients[parameter.Value].ShouldNotBeNull(parameter.Name);
        }

        Tensor inputs = gradients[training.Parameters.Single(p => p.Name == Inputs).Value]!;
        inputs.Rows(0, 4).Data.ToArray().ShouldAllBe(v => v == 0);
        inputs.Rows(4, 4).Data.ToArray().ShouldContain(v => v != 0);
        inputs.Rows(8, 4).Data.ToArray().ShouldAllBe(v => v == 0);
    }

    [Fact]
    public void BeginTraining_WithNamesOfTasks_StartsFromThemAndExportsUnderThem()
    {
        PeftTraining training = Begin("MLP", tasks: 2, start: """{ "task_names": ["sentiment", "topic"] }""");

        training.Export().Select(p => p.Name).ShouldBe(["sentiment", "topic"]);
        ReferenceProbe probe = new(s_model);
        training.Value(Inputs).Row(4).ToArray().ShouldBe(probe.Embeddings(probe.Tokenize("topic")).Data.ToArray());
    }

    /// <summary>The encoder's inputs are as wide as embeddings, whatever its own width is.</summary>
    [Theory]
    [InlineData("MLP", "one two three")]
    [InlineData("LSTM", "one two three four five six")]
    public void BeginTraining_FromAText_HasItsEmbeddingsTiledOrCutAsTheInputsOfEveryTask(string encoder, string text)
    {
        ReferenceProbe probe = new(s_model);
        int[] words = [.. probe.Tokenize(text)];
        float[] expected = [.. Enumerable.Range(0, 4).SelectMany(i => s_model.Weight("model.embed_tokens").Row(words[i % words.Length]).ToArray())];

        Tensor inputs = Begin(encoder, tasks: 2, $$"""{ "text": "{{text}}" }""").Value(Inputs);

        inputs.Data.ToArray().ShouldBe([.. expected, .. expected]);
        words.Length.ShouldNotBe(4);
    }

    [Fact]
    public void BeginTraining_FromTheVocabulary_HasEmbeddingsOfItsTokensAsInputs()
    {
        Tensor table = s_model.Weight("model.embed_tokens");
        int IdOf(float[] row) => Enumerable.Range(0, table[0]).FirstOrDefault(id => table.Row(id).SequenceEqual(row), -1);

        Tensor inputs = Begin("MLP", tasks: 3, """{ "init": "sample_vocab", "vocabulary_size": 30 }""").Value(Inputs);

        int[] ids = [.. Enumerable.Range(0, 12).Select(i => IdOf(inputs.Row(i).ToArray()))];
        ids.ShouldAllBe(id => id >= 0 && id < 30);
        ids.Distinct().Count().ShouldBeGreaterThan(4);
    }

    [Fact]
    public void BeginTraining_FromATextWithNamesOfTasks_HasTheNameInFront()
    {
        ReferenceProbe probe = new(s_model);

        Tensor inputs = Begin("MLP", tasks: 2, """{ "text": "one two three four", "task_names": ["sentiment", "topic"] }""").Value(Inputs);

        inputs.Row(4).ToArray().ShouldBe(probe.Embeddings(probe.Tokenize("topic")).Data.ToArray());
        inputs.Row(5).ToArray().ShouldBe(probe.Embeddings([probe.Tokenize("one two three four")[1]]).Data.ToArray());
    }

    /// <summary>As <c>torch.nn.LSTM</c> does: between its layers. The MLP drops nothing.</summary>
    [Theory]
    [InlineData("LSTM", 2, true)]
    [InlineData("LSTM", 1, false)]
    [InlineData("MLP", 2, false)]
    public void BuildEffects_EncoderDropout_IsBetweenTheLayersOfAnLstmInSteps(string encoder, int layers, bool drops)
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_model, $$"""
            { "peft_type": "P_TUNING", "num_virtual_tokens": 4, "encoder_hidden_size": 5, "encoder_num_layers": {{layers}}, "encoder_reparameterization_type": "{{encoder}}",
              "encoder_dropout": 0.5 }
            """));
        float[] plain = Prompt(training, 0).Data.ToArray();

        float[] first = OfStep(training, 1), again = OfStep(training, 1), second = OfStep(training, 2);

        again.ShouldBe(first);
        first.SequenceEqual(plain).ShouldBe(!drops);
        second.SequenceEqual(first).ShouldBe(!drops);
        training.Export()[0].Tensors["prompt_embeddings"].Data.ToArray().ShouldBe(plain);
    }

    [Theory]
    [InlineData("\"encoder_dropout\": 1", "encoder_dropout is 1")]
    [InlineData("\"encoder_hidden_size\": -4", "encoder_hidden_size is -4")]
    [InlineData("\"encoder_reparameterization_type\": \"GRU\"", "encoder_reparameterization_type is GRU")]
    public void BeginTraining_AnEncoderThatCannotBeTrained_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => s_method.BeginTraining(Requests.Of(s_model, $$"""{ "peft_type": "P_TUNING", {{option}} }""")))
            .Message.ShouldContain(named);

    [Theory]
    [InlineData("""{ "task_names": ["one"] }""", "start.task_names has 1 names; the data has 2 tasks")]
    [InlineData("""{ "task_names": ["one", "one"] }""", "start.task_names has 1 names")]
    [InlineData("""{ "text": " " }""", "start.text is ' '")]
    [InlineData("""{ "init": "zero" }""", "start.init is zero")]
    [InlineData("""{ "words": "a" }""", "start.words")]
    public void BeginTraining_AStartThatDoesNotFit_IsNamed(string start, string named) =>
        Should.Throw<AdapterOptionException>(() => Begin("MLP", tasks: 2, start)).Message.ShouldContain(named);

    private static PeftTraining Begin(string encoder, int tasks, string? start = null) => s_method.BeginTraining(Requests.Of(
        s_model, $$"""{ "peft_type": "P_TUNING", "num_virtual_tokens": 4, "encoder_hidden_size": 5, "encoder_reparameterization_type": "{{encoder}}" }""", start, tasks));

    private static float[] OfStep(PeftTraining training, ulong key)
    {
        using StepDraws draws = new(key);
        return Prompt(training, 0).Data.ToArray();
    }

    private static Tensor Prompt(PeftTraining training, int task) =>
        training.BuildEffects(s_model, task).ShouldHaveSingleItem().ShouldBeOfType<PromptEmbeddingsEffect>().Embeddings;
}
