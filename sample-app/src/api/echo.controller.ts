import { PopProtected } from '@keybound/pop/nest';
import { Body, Controller, HttpCode, Post, UnsupportedMediaTypeException } from '@nestjs/common';

/** Returns what it is sent, provided that nobody changed it on the way. */
@Controller('api/echo')
export class EchoController {
  @Post()
  @HttpCode(200)
  @PopProtected({ covers: ['body'] })
  echo(@Body() body: unknown) {
    // Only JSON is parsed; anything else leaves nothing to return.
    if (typeof body !== 'object' || body === null) throw new UnsupportedMediaTypeException();
    return body;
  }
}
