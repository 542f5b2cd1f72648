namespace SkPeft.Training.Tests.Loop;

public sealed class EvaluationTests
{
    [Theory]
    [InlineData(0.6, 2.0, 0.5, 1.0, true)]
    [InlineData(0.5, 1.0, 0.6, 2.0, false)]
    [InlineData(0.5, 1.0, 0.5, 2.0, true)]
    [InlineData(0.5, 2.0, 0.5, 2.0, false)]
    [InlineData(null, 1.0, null, 2.0, true)]
    [InlineData(null, 2.0, 0.5, 1.0, false)]
    public void Accuracy_decides_and_where_it_is_the_same_the_loss(double? accuracy, double loss, double? otherAccuracy, double otherLoss, bool better) =>
        new Evaluation(2, accuracy, loss).IsBetterThan(new Evaluation(1, otherAccuracy, otherLoss)).ShouldBe(better);
}
