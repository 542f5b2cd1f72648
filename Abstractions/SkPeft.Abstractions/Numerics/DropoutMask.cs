namespace SkPeft;

/// <summary>
/// Which elements of a matrix a step of training drops (Srivastava et al., 2014): each by itself with a probability, by numbers that depend on
/// key, row and column alone. Computed again on the way back, or by any number of threads, the mask is the same.
/// </summary>
/// <param name="Probability">The share that is dropped, in [0, 1). What stays is divided by 1 − it, so that the expectation stays.</param>
/// <param name="Key">Tells the masks of a run apart.</param>
/// <param name="FirstRow">The number of the first row: a step that runs in parts gives the rows of each the masks that they would have in one.</param>
public sealed record DropoutMask(float Probability, ulong Key, int FirstRow = 0);
