namespace SkPeft;

/// <summary>A request names no adapter, and no rule gives it one. The base model never answers in an adapter's place.</summary>
/// <param name="message">What was asked for, what there is, and the next step.</param>
public sealed class NoRouteException(string message) : SkPeftException("no-route", message);
