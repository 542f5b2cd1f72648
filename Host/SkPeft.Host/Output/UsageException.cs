namespace SkPeft.Host.Output;

/// <summary>The command line asks for something that makes no sense; found only after it was parsed.</summary>
/// <param name="message">What was found, and what is expected.</param>
internal sealed class UsageException(string message) : Exception(message);
