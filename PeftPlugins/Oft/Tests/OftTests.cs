using SkPeft.Peft.Oft;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.Oft;

/// <summary>q_proj reads 8 inputs, down_proj 12.</summary>
public sealed class OftTests
{
    [Theory]
    [InlineData("\"oft_block_size\": 4", 4, 4, 5)]
    [InlineData("\"oft_block_size\": 4, \"num_cayley_neumann_terms\": 8", 4, 4, 8)]
    [InlineData("\"oft_block_size\": 4, \"num_cayley_neumann_terms\": 3", 4, 4, 4)]
    [InlineData("\"oft_block_size\": 4, \"num_cayley_neumann_terms\": 2", 4, 4, 2)]
    [InlineData("\"oft_block_size\": 4, \"use_cayley_neumann\": false", 4, 4, 0)]
    [InlineData("\"oft_block_size\": 4, \"block_share\": true", 4, 4, 5)]
    [InlineData("\"oft_block_size\": 4, \"block_share\": true, \"use_cayley_neumann\": false", 4, 4, 0)]
    [InlineData("\"r\": 2, \"oft_block_size\": 0", 4, 6, 5)]
    [InlineData("\"r\": 2", 4, 6, 5)]
    [InlineData("\"oft_block_size\": 3", 2, 3, 5)]
    [InlineData("\"oft_block_size\": 7", 8, 6, 5)]
    [InlineData("\"oft_block_size\": 100", 8, 12, 5)]
    [InlineData("\"r\": 5, \"oft_block_size\": 0", 2, 3, 5)]
    public async Task BuildEffects_OnABaseWithBiases_EqualMergedWeights(string options, int sizeOfQuery, int sizeOfDown, int terms)
    {
        LayerFile file = new($$"""{ "peft_type": "OFT", "peft_version": "0.21.2", "target_modules": ["q_proj", "down_proj"], {{options}} }""");
        bool shared = options.Contains("block_share", StringComparison.Ordinal);
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            int inputs = LayerFile.Base.Shape.Find(module)!.Inputs;
            int size = inputs == 8 ? sizeOfQuery : sizeOfDown;
            int blocks = inputs / size;
            Tensor triangles = file.Add(module, "oft_R.weight", shared ? 1 : blocks, size * (size - 1) / 2);
            Shrink(triangles, 0.4f);
            double[,] rotation = Matrices.BlockDiagonal([.. Enumerable.Range(0, blocks).Select(b => Rotation(Skew(triangles, shared ? 0 : b, size), terms))]);

            // x R Wᵀ = x (W Rᵀ)ᵀ.
            file.MultiplyRight(module, rotation.Transposed());
        }

        await file.ShouldBeServedBy(new OftMethod());
    }

    [Fact]
    public async Task BuildEffects_Constrained_ShortensWhatIsTooLong()
    {
        LayerFile file = new("""{ "peft_type": "OFT", "oft_block_size": 4, "coft": true, "eps": 0.9, "target_modules": ["q_proj"] }""");
        foreach (string module in LayerFile.Modules(LayerFile.Query))
        {
            Tensor triangles = file.Add(module, "oft_R.weight", 2, 6);
            Shrink(triangles.Rows(1, 1), 0.05f);
            List<double[,]> rotations = [];
            for (int block = 0; block < 2; block++)
            {
                double[,] skew = Skew(triangles, block, 4);
                double length = Math.Sqrt(skew.Cast<double>().Sum(v => v * v));
                double longest = 0.9 / Math.Sqrt(2);
                (length > longest).ShouldBe(block == 0);
                rotations.Add(Rotation(length > longest ? skew.Times(longest / length) : skew, 5));
            }

            file.MultiplyRight(module, Matrices.BlockDiagonal(rotations).Transposed());
        }

        await file.ShouldBeServedBy(new OftMethod());
    }

    [Fact]
    public void BuildEffects_ConstrainedInTraining_ShortensTheParametersThemselves()
    {
        PeftTraining training = new OftMethod().BeginTraining(new TrainingRequest
        {
            Package = new LayerFile("""{ "peft_type": "OFT", "oft_block_size": 4, "coft": true, "eps": 0.01, "target_modules": ["q_proj"] }""").Package,
            Model = LayerFile.Base,
            Probe = null!,
            Random = new Random(1),
        });
        Tensor triangles = training.Parameters[0].Value;
        triangles.Data.Fill(1);
        training.BuildEffects(LayerFile.Base, 0);

        // Six elements, twice in the matrix: 0.01 / √2 over √12.
        triangles.Data.ToArray().ShouldAllBe(v => Math.Abs(v - (0.01 / Math.Sqrt(24))) < 1e-8);
        training.BuildEffects(LayerFile.Base, 0).OfType<CustomLinearEffect>().First().TransformInput(new Tensor(1, 8)).NeedsGradient.ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"r\": 2, \"oft_block_size\": 4", "r is 2 and oft_block_size is 4")]
    [InlineData("\"oft_block_size\": 0", "r is 0 and oft_block_size is 0")]
    [InlineData("\"use_cayley_neumann\": true", "peft_version is missing")]
    [InlineData("\"use_cayley_neumann\": true, \"peft_version\": \"0.17.1\"", "peft_version is 0.17.1")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new OftMethod().Load(new LayerFile($$"""{ "peft_type": "OFT", {{option}} }""").Package, LayerFile.Base.Shape))
            .Message.ShouldContain(named);

    [Theory]
    [InlineData("0.18.0")]
    [InlineData("0.18.1rc0")]
    [InlineData("0.20.1.dev0@UNKNOWN")]
    [InlineData("1.0")]
    public void Load_SeriesOfARecentVersion_IsServed(string version)
    {
        LayerFile file = new($$"""{ "peft_type": "OFT", "oft_block_size": 8, "use_cayley_neumann": true, "peft_version": "{{version}}", "target_modules": ["layers.0.self_attn.q_proj"] }""");
        file.Add("model.layers.0.self_attn.q_proj", "oft_R.weight", 1, 28);
        new OftMethod().Load(file.Package, LayerFile.Base.Shape).MatchedModules.ShouldHaveSingleItem();
    }

    private static void Shrink(Tensor tensor, float factor)
    {
        foreach (ref float value in tensor.Data)
        {
            value *= factor;
        }
    }

    private static double[,] Skew(Tensor triangles, int block, int size)
    {
        int next = 0;
        double[,] skew = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = i + 1; j < size; j++)
            {
                skew[i, j] = triangles.Row(block)[next++];
                skew[j, i] = -skew[i, j];
            }
        }

        return skew;
    }

    // terms 0: exact.
    private static double[,] Rotation(double[,] skew, int terms)
    {
        double[,] sum = Matrices.Identity(skew.GetLength(0));
        if (terms == 0)
        {
            return sum.Plus(skew.Times(-1)).Times(sum.Plus(skew).Inverse());
        }

        double[,] power = sum;
        for (int exponent = 1; exponent < terms; exponent++)
        {
            power = power.Times(skew);
            sum = sum.Plus(power.Times(exponent == terms - 1 && exponent > 1 ? 1 : 2));
        }

        return sum;
    }
}
