using System.Text.Json;
using SkPeft.Peft.Lora;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>What AdaLoRA does beside following the gradient. Gradients and steps are compared in the goldens.</summary>
public sealed class AdaLoraTrainingTests
{
    private const string Layer = "base_model.model.model.layers.0.self_attn.";

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 1, HiddenSize = 4, Heads = 2, KeyValueHeads = 1, HeadDim = 3, IntermediateSize = 6, VocabularySize = 8 }, 4);

    private static readonly AdaLoraMethod s_method = new();

    [Fact]
    public void BeginTraining_StartsAsTheBase_AndTheFileIsWhatWasTrained()
    {
        PeftTraining training = Begin();
        training.Parameters.Select(p => p.Name).ShouldBe(
            ((string[])["q_proj", "v_proj"]).SelectMany(m => ((string[])["A", "B", "E"]).Select(t => $"{Layer}{m}.lora_{t}.default")));
        training.ShouldStartAsTheBase(s_model);
        training.ShouldSaveWhatItTrained(s_method, s_model);
        training.Penalty().ShouldBeNull();
        training.State.ShouldBeEmpty();
        training.Export()[0].Config.TryGetProperty("rank_pattern", out JsonElement pattern).ShouldBeTrue();
        pattern.ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Penalty_IsTheMeanDistanceOfAllFactorsFromOrthogonality()
    {
        PeftTraining training = Begin("""{ "orth_reg_weight": 0.5 }""");
        training.Move();
        double sum = 0;
        foreach (TrainingParameter parameter in training.Parameters.Where(p => !p.Name.Contains("lora_E")))
        {
            bool isA = parameter.Name.Contains("lora_A");
            int rank = isA ? parameter.Value[0] : parameter.Value[1];
            int width = parameter.Value.Length / rank;
            float At(int row, int i) => parameter.Value.Data[isA ? (row * width) + i : (i * rank) + row];
            double squares = 0;
            for (int i = 0; i < rank; i++)
            {
                for (int j = 0; j < rank; j++)
                {
                    double product = Enumerable.Range(0, width).Sum(k => (double)At(i, k) * At(j, k)) - (i == j ? 1 : 0);
                    squares += product * product;
                }
            }

            sum += Math.Sqrt(squares);
        }

        Tensor penalty = training.Penalty()!;
        penalty.Length.ShouldBe(1);
        penalty.Data[0].ShouldBe((float)(0.5 * sum / 4), 1e-5);
        penalty.NeedsGradient.ShouldBeTrue();
    }

    [Fact]
    public void AfterStep_Prunes_TheRowsOfLeastImportance()
    {
        // Two layers of rank 3, target 1: from 6 rows to 2. Only row 1 of q and row 2 of v have gradients.
        PeftTraining training = Begin("""{ "rank_budget": true }""", """, "target_r": 1, "tinit": 1, "tfinal": 2, "total_step": 6""");
        training.Move();
        Step(training, 0, 6);
        training.Parameters.Where(p => p.Name.Contains("lora_E")).ShouldAllBe(p => !p.Elements().Contains(0));
        for (int step = 1; step < 5; step++)
        {
            Step(training, step, 6);
        }

        training.Value(Layer + "q_proj.lora_E.default").Data.ToArray().Select(v => v != 0).ShouldBe([false, true, false]);
        training.Value(Layer + "v_proj.lora_E.default").Data.ToArray().Select(v => v != 0).ShouldBe([false, false, true]);

        // Behind the last choice the others are held at 0, and only the choice is kept.
        training.Move();
        Step(training, 5, 6);
        training.Value(Layer + "q_proj.lora_E.default").Data.ToArray().Select(v => v != 0).ShouldBe([false, true, false]);
        training.State.Keys.ShouldBe([Layer + "q_proj.lora_E.default.kept", Layer + "v_proj.lora_E.default.kept"], ignoreOrder: true);

        AdapterPackage saved = training.Export()[0];
        saved.Tensors[Layer + "q_proj.lora_A"].ShapeText.ShouldBe("[1, 4]");
        saved.Tensors[Layer + "q_proj.lora_B"].ShapeText.ShouldBe("[6, 1]");
        saved.Config.GetProperty("rank_pattern").GetProperty("model.layers.0.self_attn.v_proj.lora_E").EnumerateArray().Select(v => v.GetBoolean())
            .ShouldBe([false, false, true]);
        int[] text = [1, 5, 2];
        Tensor trained = s_model.Logits(text, 2, training.BuildEffects(s_model, 0));
        s_model.Logits(text, 2, s_method.Load(saved, s_model.Shape).BuildEffects(s_model)).Data.ToArray()
            .Zip(trained.Data.ToArray()).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-5);
    }

    [Theory]
    [InlineData(0, 12)]
    [InlineData(2, 12)]
    [InlineData(4, 7)]
    [InlineData(6, 4)]
    [InlineData(10, 4)]
    public void Budget_FallsWithTheCube(int step, int expected)
    {
        // 12 rows to 4, over 10 − 2 − 2 = 6 steps behind step 2: 8 · (4/6)³ + 4 = 6.37, but 4/6 of the way is step 4: 8 · 0.296 + 4.
        RankSchedule schedule = new() { TargetRank = 2, Warmup = 2, Final = 2, Interval = 1, Smoothing = 0.85f, UncertaintySmoothing = 0.85f, Total = 10 };
        int budget = schedule.Budget(step, 10, 12, 4);
        budget.ShouldBe((int)((8 * Math.Pow(Math.Clamp(1 - ((step - 2) / 6.0), 0, 1), 3)) + 4));
        budget.ShouldBeInRange(expected - 1, expected);
    }

    [Fact]
    public void State_IsTakenBack_SoThatARunGoesOnAsIfItHadNotStopped()
    {
        const string options = """{ "rank_budget": true }""";
        const string schedule = """, "target_r": 1, "total_step": 9, "tfinal": 1, "deltaT": 2""";
        PeftTraining whole = Begin(options, schedule);
        PeftTraining first = Begin(options, schedule);
        foreach (PeftTraining training in (PeftTraining[])[whole, first])
        {
            training.Move();
            for (int step = 0; step < 4; step++)
            {
                Step(training, step, 9);
            }
        }

        PeftTraining second = Begin(options, schedule);
        foreach ((TrainingParameter to, TrainingParameter from) in second.Parameters.Zip(first.Parameters))
        {
            from.Value.Data.CopyTo(to.Value.Data);
        }

        second.Restore(first.State.ToDictionary(s => s.Key, s => s.Value));
        for (int step = 4; step < 9; step++)
        {
            Step(whole, step, 9);
            Step(second, step, 9);
        }

        foreach ((TrainingParameter a, TrainingParameter b) in whole.Parameters.Zip(second.Parameters))
        {
            b.Value.Data.ToArray().ShouldBe(a.Value.Data.ToArray(), a.Name);
        }
    }

    [Theory]
    [InlineData("""{ "orth_reg_weight": -1 }""", "", "orth_reg_weight is -1")]
    [InlineData("""{ "rank_budget": true }""", """, "target_r": 0""", "target_r")]
    [InlineData("""{ "rank_budget": true }""", """, "tinit": 4, "total_step": 5, "tfinal": 1""", "tinit")]
    [InlineData("{}", """, "lora_dropout": 1""", "lora_dropout is 1")]
    [InlineData("""{ "ratio": 2 }""", "", "start.ratio")]
    public void BeginTraining_WhatItCannot_IsNamed(string start, string more, string named) =>
        Should.Throw<AdapterOptionException>(() => Begin(start, more)).Message.ShouldContain(named);

    private static PeftTraining Begin(string start = "{}", string more = "") => s_method.BeginTraining(Requests.Of(
        s_model, $$"""{ "peft_type": "ADALORA", "init_r": 3, "rank_pattern": { "a.lora_E": [true] }{{more}} }""", start));

    // Gradients that differ from step to step, in the triplets that matter only.
    private static void Step(PeftTraining training, int step, int steps) => training.AfterStep(step, steps, parameter =>
    {
        Tensor gradient = new(parameter.Value.Shape);
        int row = parameter.Name.Contains("q_proj") ? 1 : 2;
        if (parameter.Name.Contains("lora_E"))
        {
            gradient.Data[row] = 1 + (step % 3);
        }
        else if (parameter.Name.Contains("lora_A"))
        {
            gradient.Row(row).Fill(2 - (step % 2));
        }

        return gradient;
    });
}
