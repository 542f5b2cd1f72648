using SkPeft.Engine;
using SkPeft.Peft.MultitaskPrompt;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.MultitaskPrompt;

public sealed class MultitaskPromptTests
{
    private const string Config = """{ "peft_type": "MULTITASK_PROMPT_TUNING", "num_virtual_tokens": 2, "num_tasks": 3, "num_ranks": 4 }""";

    private static readonly ModelSizes s_sizes = new()
    {
        Layers = 1, HiddenSize = 6, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 8, VocabularySize = 13,
    };

    private static readonly Dictionary<string, Tensor> s_tensors = new()
    {
        ["prompt_embeddings"] = RandomTensors.Normal(new Random(1), 1, 2, 6),
        ["prefix_task_cols"] = RandomTensors.Normal(new Random(2), 1, 3, 2, 4),
        ["prefix_task_rows"] = RandomTensors.Normal(new Random(3), 1, 3, 4, 6),
    };

    private static readonly MultitaskPromptMethod s_method = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void BuildEffects_OfATask_IsTheSharedPromptTimesItsFactor(int task)
    {
        PeftModule module = s_method.Load(AdapterFolder.Make(Config, s_tensors, task), new ModelShape(s_sizes));

        module.Tasks.ShouldBe(3);
        Tensor prompt = module.BuildEffects(new TinyBase(s_sizes)).ShouldHaveSingleItem().ShouldBeOfType<PromptEmbeddingsEffect>().Embeddings;
        prompt.ShapeText.ShouldBe("[2, 6]");
        for (int i = 0; i < 2; i++)
        {
            for (int c = 0; c < 6; c++)
            {
                double factor = Enumerable.Range(0, 4).Sum(r => (double)s_tensors["prefix_task_cols"].Row(task)[(i * 4) + r] * s_tensors["prefix_task_rows"].Row(task)[(r * 6) + c]);
                ((double)prompt.Row(i)[c]).ShouldBe(s_tensors["prompt_embeddings"].Row(i)[c] * factor, 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(null, "none")]
    [InlineData(3, "3")]
    [InlineData(-1, "-1")]
    public void Load_WithoutATaskThatTheFileHas_SaysWhichThereAre(int? task, string found)
    {
        InvalidOptionException error = Should.Throw<InvalidOptionException>(() => s_method.Load(AdapterFolder.Make(Config, s_tensors, task), new ModelShape(s_sizes)));

        error.Message.ShouldContain($"task id: {found} is not accepted, expected 0 to 2");
        error.Message.ShouldContain("--task-id");
    }

    [Fact]
    public async Task Load_ATaskOfAnAdapterThatHasOne_IsRefusedUnlessItIsTask0()
    {
        using TemporaryFolder folder = new();
        HfModelFolder.Write(ReferenceLlama.Random(s_sizes, 1), folder.Root);
        using LanguageModel model = LanguageModel.Open(folder.Root, new LanguageModelOptions { Threads = 1 });
        IAdapterLoader loader = model.CreateAdapterLoader(new ReferencedMethods());
        AdapterFiles prompt = AdapterFolder.Write(
            folder.PathOf("prompt"), """{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 2 }""", new Dictionary<string, Tensor> { ["prompt_embeddings"] = new(2, 6) });
        AdapterFiles multitask = AdapterFolder.Write(folder.PathOf("multitask"), Config, s_tensors);

        (await loader.LoadAsync(prompt with { Task = 0 }, TestContext.Current.CancellationToken)).Dispose();
        (await loader.LoadAsync(multitask with { Task = 2 }, TestContext.Current.CancellationToken)).Dispose();
        (await Should.ThrowAsync<InvalidOptionException>(async () => await loader.LoadAsync(prompt with { Task = 1 }, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("trained on one task");
        (await Should.ThrowAsync<InvalidOptionException>(async () => await loader.LoadAsync(multitask, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("3 tasks");
    }

    [Fact]
    public void BeginTraining_OnSeveralTasks_HasAFactorForEachAndSmallOnes()
    {
        ReferenceLlama model = ReferenceLlama.Random(s_sizes, 1);

        PeftTraining training = s_method.BeginTraining(Requests.Of(model, """{ "peft_type": "MULTITASK_PROMPT_TUNING", "num_ranks": 2 }""", """{ "text": "one two three" }""", tasks: 5));

        training.Tasks.ShouldBe(5);
        training.Value("prompt_encoder.default.embedding.weight").Row(4).ToArray().ShouldBe(training.Value("prompt_encoder.default.embedding.weight").Row(1).ToArray());
        training.Value("prompt_encoder.default.prefix_task_cols").ShapeText.ShouldBe("[5, 20, 2]");
        training.Value("prompt_encoder.default.prefix_task_rows").Data.ToArray().ShouldAllBe(v => v != 0 && Math.Abs(v) < 0.2);
        float[] Prompt(int task) => ((PromptEmbeddingsEffect)training.BuildEffects(model, task)[0]).Embeddings.Data.ToArray();
        Prompt(0).ShouldNotBe(Prompt(4));
    }

    [Fact]
    public void BeginTraining_MoreTasksInTheDataThanInTheConfiguration_IsRefused() =>
        Should.Throw<AdapterOptionException>(() => s_method.BeginTraining(Requests.Of(ReferenceLlama.Random(s_sizes, 1), Config, tasks: 4)))
            .Message.ShouldContain("num_tasks is 3; the data has 4 tasks");

    [Theory]
    [InlineData("EXACT_SOURCE_TASK")]
    [InlineData("AVERAGE_SOURCE_TASKS")]
    [InlineData("ONLY_SOURCE_SHARED")]
    public void BeginTraining_FromSourceTasks_StartsWithTheirTensors(string init)
    {
        using TemporaryFolder folder = new();
        AdapterFiles source = AdapterFolder.Write(folder.PathOf("source"), Config, s_tensors);
        string config = $$"""
            { "peft_type": "MULTITASK_PROMPT_TUNING", "num_virtual_tokens": 2, "num_tasks": 1, "num_ranks": 4, "prompt_tuning_init": "{{init}}",
              "prompt_tuning_init_task": 2, "prompt_tuning_init_state_dict_path": "{{source.WeightsPath}}" }
            """;

        PeftTraining training = s_method.BeginTraining(Requests.Of(ReferenceLlama.Random(s_sizes, 1), config));

        training.Value("prompt_encoder.default.embedding.weight").Data.ToArray().ShouldBe(s_tensors["prompt_embeddings"].Data.ToArray());
        float[] columns = training.Value("prompt_encoder.default.prefix_task_cols").Data.ToArray();
        float[] Source(int task) => s_tensors["prefix_task_cols"].Row(task).ToArray();
        switch (init)
        {
            case "EXACT_SOURCE_TASK":
                columns.ShouldBe(Source(2));
                break;
            case "AVERAGE_SOURCE_TASKS":
                columns.Zip(Source(0).Zip(Source(1), Source(2))).ShouldAllBe(p => Math.Abs(p.First - ((p.Second.First + p.Second.Second + p.Second.Third) / 3)) < 1e-6);
                break;
            default:
                columns.ShouldAllBe(v => Math.Abs(v) < 0.2);
                break;
        }
    }
}
