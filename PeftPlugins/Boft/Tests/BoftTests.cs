using SkPeft.Peft.Boft;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Boft;

/// <summary>q_proj reads 8 inputs, down_proj 12.</summary>
public sealed class BoftTests
{
    [Theory]
    [InlineData("\"boft_block_size\": 4", 1, 4, 4)]
    [InlineData("\"boft_block_num\": 4, \"boft_block_size\": 0", 1, 2, 3)]
    [InlineData("\"boft_block_num\": 4", 1, 2, 3)]
    [InlineData("\"boft_block_size\": 2, \"boft_n_butterfly_factor\": 2", 2, 2, 2)]
    [InlineData("\"boft_block_size\": 2, \"boft_n_butterfly_factor\": 2", 1, 2, 2)]
    public async Task BuildEffects_OnABaseWithBiases_EqualMergedWeights(string options, int factors, int sizeOfQuery, int sizeOfDown)
    {
        LayerFile file = new($$"""{ "peft_type": "BOFT", "target_modules": ["q_proj", "down_proj"], {{options}} }""");
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            int inputs = LayerFile.Base.Shape.Find(module)!.Inputs;
            Merge(file, module, inputs == 8 ? sizeOfQuery : sizeOfDown, factors);
        }

        await file.ShouldBeServedBy(new BoftMethod());
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    public async Task BuildEffects_MoreFactors_EqualTheProductOfTheirMatrices(int size, int factors)
    {
        LayerFile file = new($$"""{ "peft_type": "BOFT", "target_modules": ["q_proj"], "boft_block_size": {{size}}, "boft_n_butterfly_factor": {{factors}} }""");
        foreach (string module in LayerFile.Modules(LayerFile.Query))
        {
            Merge(file, module, size, factors);
        }

        await file.ShouldBeServedBy(new BoftMethod());
    }

    [Theory]
    [InlineData("\"boft_block_size\": 2, \"boft_block_num\": 4", "boft_block_size is 2 and boft_block_num is 4")]
    [InlineData("\"boft_block_size\": 3", "boft_block_size is 3")]
    [InlineData("\"boft_block_size\": 2, \"boft_n_butterfly_factor\": 4", "boft_n_butterfly_factor is 4")]
    [InlineData("\"boft_n_butterfly_factor\": 0", "boft_n_butterfly_factor is 0")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new BoftMethod().Load(
            new LayerFile($$"""{ "peft_type": "BOFT", "target_modules": ["q_proj"], {{option}} }""").Package, LayerFile.Base.Shape)).Message.ShouldContain(named);

    [Fact]
    public void BeginTraining_BesideAFileOfOneFactor_TrainsOne()
    {
        const string config = """{ "peft_type": "BOFT", "target_modules": ["q_proj"], "boft_block_size": 2, "boft_n_butterfly_factor": 2 }""";
        LayerFile file = new(config);
        file.Add("model.layers.0.self_attn.q_proj", "boft_R", 1, 4, 2, 2);
        PeftTraining training = new BoftMethod().BeginTraining(new TrainingRequest { Package = file.Package, Model = LayerFile.Base, Probe = null!, Random = new Random(1) });
        training.Parameters.Single(p => p.Name.Contains("layers.0.self_attn.q_proj.boft_R")).Value.ShapeText.ShouldBe("[1, 4, 2, 2]");
    }

    // As in peft's source: a block-diagonal matrix between two permutations for each factor, multiplied up from the left.
    private static void Merge(LayerFile file, string module, int size, int factors)
    {
        ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
        int blocks = info.Inputs / size;
        Tensor stored = file.Add(module, "boft_R", factors, blocks, size, size);
        Tensor scale = file.Add(module, "boft_s", info.Outputs, 1);
        double[,] product = Matrices.Identity(info.Inputs);
        for (int factor = 0; factor < factors; factor++)
        {
            List<double[,]> rotations = [];
            for (int block = 0; block < blocks; block++)
            {
                double[,] matrix = Matrices.Of(stored, ((factor * blocks) + block) * size * size);
                double[,] skew = matrix.Plus(matrix.Transposed().Times(-1)).Times(0.5);
                rotations.Add(Matrices.Identity(size).Plus(skew.Times(-1)).Times(Matrices.Identity(size).Plus(skew).Inverse()));
            }

            double[,] permutation = Permutation(info.Inputs, factor, size);
            product = permutation.Times(Matrices.BlockDiagonal(rotations)).Times(permutation.Transposed()).Times(product);
        }

        double[,] turned = product.Transposed();
        file.Change(module, (w, row, column) => scale.Data[row] * Enumerable.Range(0, info.Inputs).Sum(i => w.Row(row)[i] * turned[i, column]));
    }

    // Row i has its 1 where the sorted order says; the first factor permutes nothing.
    private static double[,] Permutation(int inputs, int factor, int size)
    {
        int[] order = [.. Enumerable.Range(0, inputs)];
        for (int start = 0; factor > 0 && start < inputs; start += size << factor)
        {
            Sort(order, start, size << factor, size / 2);
        }

        return Matrices.Make(inputs, inputs, (i, j) => order[i] == j ? 1 : 0);
    }

    private static void Sort(int[] order, int start, int stretch, int half)
    {
        int pieces = stretch / half;
        int next = start;
        foreach (int piece in Enumerable.Range(0, pieces).Where(p => p % 2 == 0).Concat(Enumerable.Range(0, pieces).Where(p => p % 2 == 1)))
        {
            for (int i = 0; i < half; i++)
            {
                order[next++] = start + (piece * half) + i;
            }
        }
    }
}
