using System.Reflection;
using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Tests.Differentiation;

/// <summary>Every operation against central differences in double precision.</summary>
public sealed class GradientTests
{
    private static readonly GradientCase[] s_cases =
    [
        .. ElementwiseCases.All, .. ActivationCases.All, .. MatrixCases.All, .. ReductionCases.All, .. ShapeCases.All, .. RationalCases.All,
        .. FunctionCases.All, .. LogarithmicCases.All, .. SelectionCases.All, .. BatchedCases.All, .. StructuredCases.All, .. FourierCases.All, .. DropoutCases.All,
    ];

    public static TheoryData<string> Titles => [.. s_cases.Select(c => c.ToString())];

    [Theory]
    [MemberData(nameof(Titles))]
    public void EveryOperation_ValueAndGradients_MatchDoubleArithmetic(string title) => GradientCheck.Run(s_cases.Single(c => c.ToString() == title));

    [Fact]
    public void EveryOperation_OfTensorOps_HasACase()
    {
        IEnumerable<IGrouping<string, MethodInfo>> names = typeof(TensorOps).GetMethods(BindingFlags.Public | BindingFlags.Static).GroupBy(m => m.Name);
        IEnumerable<string> operations = names.SelectMany(name => name.Count() == 1 ? [name.Key] : name.Select(Signature));

        operations.Except(s_cases.Select(c => c.Operation)).ShouldBeEmpty("each needs a GradientCase");
    }

    private static string Signature(MethodInfo method) => $"{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.Name))})";
}
