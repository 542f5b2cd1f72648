[assembly: AssemblyFixture(typeof(SkPeft.Http.Tests.SharedServer))]

namespace SkPeft.Http.Tests;

/// <summary>The server of all tests that change nothing in it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
